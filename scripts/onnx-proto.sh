#!/usr/bin/env bash
# Makes src/executors/onnx/onnx-proto.ts, the messages of ONNX files, from the definitions in PyPI's `onnx` package.
#
#     scripts/onnx-proto.sh onnx==1.23.2
#
# Needs Python with pip, and Node 22. The definitions are proto2, as ONNX's own Python writes files.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m pip download --quiet --no-deps --only-binary :all: "${1:-onnx==1.23.2}"
mkdir proto && unzip -p onnx-*.whl onnx/onnx-ml.proto >proto/onnx.proto
npm init -y >/dev/null
npm install --silent --no-fund --no-audit @bufbuild/buf@1.75.0 @bufbuild/protoc-gen-es@2.17.0
npx buf build proto --exclude-source-info --output onnx.binpb
cat >buf.gen.yaml <<'YAML'
version: v2
inputs: [{ binary_image: onnx.binpb }]
plugins: [{ local: protoc-gen-es, out: ., opt: target=ts }]
YAML
npx buf generate
node - "$root/src/executors/onnx/onnx-proto.ts" <<'JS'
// Enums become constants: the project's TypeScript is what remains when types are erased.
const { readFileSync, writeFileSync } = require('node:fs');
const code = readFileSync('onnx_pb.ts', 'utf8')
  .replace(/^\/\*\*[\s\S]*?\*\/\n|^ +\/\*\*[\s\S]*?\*\/\n/gm, '')
  .replace(/^export enum (\w+) \{([\s\S]*?)^\}/gm, (_, name, values) => {
    const body = values.replace(/ = /g, ': ').replace(/\n\n/g, '\n').trim();
    return `export const ${name} = {\n  ${body}\n} as const;\nexport type ${name} = (typeof ${name})[keyof typeof ${name}];`;
  })
  .replace(/;\n\n(?= )/g, ';\n')
  .replace(/^\/\* eslint-disable \*\/\n/m, '')
  .replace(/^\/\/ @generated from file.*\n/m, '$&// Long because it is generated: scripts/onnx-proto.sh. SPDX-License-Identifier: Apache-2.0\n');
writeFileSync(process.argv[2], code);
JS
