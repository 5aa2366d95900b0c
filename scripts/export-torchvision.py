"""Writes the weights of a torchvision classifier as a safetensors file for `micro-yolo import`.

    pip install torch torchvision safetensors
    python scripts/export-torchvision.py mobilenet_v2 OUT.safetensors              with torchvision's weights
    python scripts/export-torchvision.py mobilenet_v2 OUT.safetensors MINE.pth     with your own state_dict

Also writes the class names, OUT.txt, if torchvision knows them.
"""

import sys
from pathlib import Path

import torch
import torchvision
from safetensors.torch import save_file


def main():
    name, out, *own = sys.argv[1:]
    if own:
        state, classes = torch.load(own[0], map_location="cpu", weights_only=True), []
    else:
        weights = torchvision.models.get_model_weights(name).DEFAULT
        state = torchvision.models.get_model(name, weights=weights).state_dict()
        classes = weights.meta["categories"]
    # Batch counters are not weights.
    kept = {key: value.float().contiguous() for key, value in state.items() if not key.endswith("num_batches_tracked")}
    save_file(kept, out)
    print(f"{out}: {len(kept)} tensors")
    if classes:
        names = Path(out).with_suffix(".txt")
        names.write_text("\n".join(classes) + "\n")
        print(f"{names}: {len(classes)} classes")


if len(sys.argv) not in (3, 4):
    raise SystemExit(__doc__)
main()
