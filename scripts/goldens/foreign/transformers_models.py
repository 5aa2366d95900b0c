"""References for Hugging Face's detectors: random weights, their own image processors and post-processing.

    pip install torch torchvision transformers timm scipy onnx onnxscript onnxruntime
    python scripts/goldens/foreign/transformers_models.py --out OUT [--only detr …]

Names are those of the Hugging Face exporter: pixel_values → logits, pred_boxes. config.json and
preprocessor_config.json are next to the graph.
"""
import shutil
import traceback

import numpy as np
import onnxruntime
import reference
import torch
import transformers
from calibrate import settle_norms, spread

SIDE = 320
BLOOD = ['RBC', 'WBC', 'Platelets']
NAMES = {1: ['cell'], 3: BLOOD, 80: reference.coco_names()}


def labels(classes):
    return {'id2label': dict(enumerate(NAMES[classes])), 'label2id': {n: i for i, n in enumerate(NAMES[classes])}}


def resnet(module):
    return transformers.ResNetConfig(embedding_size=16, hidden_sizes=[16, 24, 32, 48], depths=[1, 1, 1, 1], layer_type='basic',
                                     out_features=['stage4'] if module == 'detr' else ['stage2', 'stage3', 'stage4'])


def detr(classes):
    config = transformers.DetrConfig(use_timm_backbone=False, use_pretrained_backbone=False, backbone=None, backbone_config=resnet('detr'), num_queries=60,
                                     d_model=32, encoder_layers=1, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4,
                                     encoder_ffn_dim=64, decoder_ffn_dim=64, **labels(classes))
    processor = transformers.DetrImageProcessor(size={'shortest_edge': SIDE, 'longest_edge': 560})
    model = transformers.DetrForObjectDetection(config)
    with torch.no_grad():  # queries that differ
        model.model.query_position_embeddings.weight.mul_(4)
    return model, processor


def yolos(classes):
    config = transformers.YolosConfig(hidden_size=48, num_hidden_layers=2, num_attention_heads=4, intermediate_size=96, image_size=[SIDE, SIDE],
                                      patch_size=32, num_detection_tokens=60, use_mid_position_embeddings=False, **labels(classes))
    processor = transformers.YolosImageProcessor(size={'height': SIDE, 'width': SIDE}, do_pad=False)
    model = transformers.YolosForObjectDetection(config)
    with torch.no_grad():  # queries that differ: they start at zero
        model.vit.embeddings.detection_tokens.normal_(std=2)
    return model, processor


def rt_backbone():
    return transformers.RTDetrResNetConfig(embedding_size=16, hidden_sizes=[16, 24, 32, 48], depths=[1, 1, 1, 1], layer_type='basic',
                                           out_features=['stage2', 'stage3', 'stage4'])


def rt_options(classes):
    return dict(encoder_hidden_dim=32, encoder_in_channels=[24, 32, 48], encoder_ffn_dim=64, encoder_attention_heads=4, d_model=32,
                num_queries=100, decoder_in_channels=[32, 32, 32], decoder_ffn_dim=64, decoder_layers=2, decoder_attention_heads=4,
                num_denoising=0, hidden_expansion=0.5, **labels(classes))


def rt_detr(classes):
    config = transformers.RTDetrConfig(backbone_config=rt_backbone(), **rt_options(classes))
    return transformers.RTDetrForObjectDetection(config), transformers.RTDetrImageProcessor(size={'height': SIDE, 'width': SIDE})


def rt_detr_v2(classes):
    config = transformers.RTDetrV2Config(backbone_config=rt_backbone(), **rt_options(classes))
    return transformers.RTDetrV2ForObjectDetection(config), transformers.RTDetrImageProcessor(size={'height': SIDE, 'width': SIDE})


def d_fine(classes):
    backbone = transformers.HGNetV2Config(stem_channels=[3, 8, 16], stage_in_channels=[16, 16, 24, 32], stage_mid_channels=[8, 8, 16, 16],
                                          stage_out_channels=[16, 24, 32, 48], hidden_sizes=[16, 24, 32, 48], depths=[1, 1, 1, 1],
                                          stage_num_blocks=[1, 1, 1, 1], stage_numb_of_layers=[1, 1, 1, 1],
                                          out_features=['stage2', 'stage3', 'stage4'])
    config = transformers.DFineConfig(backbone_config=backbone, **rt_options(classes))
    return transformers.DFineForObjectDetection(config), transformers.RTDetrImageProcessor(size={'height': SIDE, 'width': SIDE})


CASES = {'dfine': (d_fine, 80), 'rtdetrv2': (rt_detr_v2, 3), 'detr': (detr, 80), 'yolos': (yolos, 3), 'dfine-1': (d_fine, 1),
         'rtdetr': (rt_detr, 80), 'rtdetr-1': (rt_detr, 1), 'detr-1': (detr, 1), 'yolos-80': (yolos, 80)}


class Named(torch.nn.Module):
    """Only the two outputs."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, pixel_values):
        found = self.model(pixel_values=pixel_values, return_dict=True)
        return found.logits, found.pred_boxes


def liven(model, batches, softmax):
    def run():
        for batch in batches:
            model(pixel_values=batch)
    same = [b for b in batches if b.shape == batches[0].shape]
    settle_norms(model, torch.cat(same))
    linears = {name: m for name, m in model.named_modules() if isinstance(m, torch.nn.Linear)}
    classes = model.config.num_labels
    for part in ('enc_score_head', 'class_embed', 'class_labels_classifier'):
        for name, layer in linears.items():
            if part in name.split('.'):
                if softmax:
                    spread(model, run, [layer], 3.0 if classes > 3 else 2.0)
                else:
                    spread(model, run, [layer], 2.0, above=(-1.1, 40 * len(batches)))
    for name, layer in linears.items():
        if any(part in name for part in ('bbox_predictor', 'bbox_embed', 'enc_bbox_head')) and name.endswith('layers.' + ('2' if softmax else name[-1])):
            last = max(n for n in linears if n.rsplit('.', 1)[0] == name.rsplit('.', 1)[0])
            if name == last:
                spread(model, run, [layer], 1.0 if softmax else 0.7)


def export(model, batch, path, dynamic):
    named = Named(model).eval()
    names = dict(input_names=['pixel_values'], output_names=['logits', 'pred_boxes'])
    try:
        axes = {'pixel_values': {0: 'batch_size', 2: 'height', 3: 'width'}} if dynamic else None
        torch.onnx.export(named, (batch,), path, dynamo=False, opset_version=16, dynamic_axes=axes, **names)
    except Exception as error:
        print('  exported by torch.export:', str(error).splitlines()[0][:150])
        dims = ({2: torch.export.Dim('height', min=64, max=2048), 3: torch.export.Dim('width', min=64, max=2048)},) if dynamic else None
        torch.onnx.export(named, (batch,), path, dynamo=True, dynamic_shapes=dims, external_data=False, **names)


def make(args, name, builder, classes, shown):
    folder = args.out / f'transformers-{name}'
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    torch.manual_seed(5)
    model, processor = builder(classes)
    softmax = builder in (detr, yolos)
    model.eval()
    batches = {p: processor(images=pixels, return_tensors='pt')['pixel_values'] for p, pixels in shown.items()}
    liven(model, list(batches.values()), softmax)
    dynamic = builder is detr
    threshold = 0.1 if softmax else 0.25
    export(model, batches['square-320.png'], folder / 'model.onnx', dynamic)
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(folder)
    processor.save_pretrained(folder)
    session = onnxruntime.InferenceSession(folder / 'model.onnx', providers=['CPUExecutionProvider'])
    found, inputs, worst = {}, {}, 0
    for picture, pixels in shown.items():
        batch = batches[picture]
        with torch.no_grad():
            outputs = model(pixel_values=batch)
        logits, boxes = session.run(['logits', 'pred_boxes'], {'pixel_values': batch.numpy()})
        worst = max(worst, np.abs(logits - outputs.logits.numpy()).max())
        # Uses the family's post-processing on the graph's outputs, so that export noise is not part of the reference.
        outputs.logits, outputs.pred_boxes = torch.from_numpy(logits), torch.from_numpy(boxes)
        rows = processor.post_process_object_detection(outputs, threshold=threshold, target_sizes=[pixels.shape[:2]])[0]
        found[picture] = reference.detections(rows['boxes'].numpy(), rows['scores'].numpy(), rows['labels'].numpy())
        inputs[picture] = reference.write_inputs(folder, picture, batch.numpy())
    size = 'shorter side 320, longer at most 560, no padding' if builder is detr else f'{SIDE} px, stretched'
    total = reference.write_case(
        folder, family=model.config.model_type, source=f'transformers {transformers.__version__}, image processor and post_process_object_detection',
        classes=classes, names=NAMES[classes], thresholds={'score': threshold},
        recipe=f'RGB, {size}; bilinear with antialiasing; ' + ('ImageNet mean and std' if softmax else '/255, no normalization')
               + '; ' + ('softmax, last class is background' if softmax else 'sigmoid, best over queries x classes') + '; boxes not cut',
        found=found, inputs=inputs, sizes={p: pixels.shape[1::-1] for p, pixels in shown.items()})
    ports = '; '.join(f'{p.name} {p.type[7:-1]} {p.shape}' for p in [*session.get_inputs(), *session.get_outputs()])
    reference.index(args.out, folder.name, f'{type(model).__name__}, {classes} classes, random weights: {ports}; {total} detections')
    print(folder.name, ports, [len(rows) for rows in found.values()], 'export differs by', worst, flush=True)


def main():
    args = reference.arguments(__doc__)
    torch.set_num_threads(1)
    shown = reference.pictures(args.out)
    for name, (builder, classes) in CASES.items():
        if not args.only or name in args.only:
            try:
                make(args, name, builder, classes, shown)
            except Exception:
                print(f'FAILED {name}:', traceback.format_exc()[-900:], flush=True)


main()
