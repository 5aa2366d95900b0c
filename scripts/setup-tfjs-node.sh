#!/usr/bin/env bash
# Installs @tensorflow/tfjs-node in a folder of its own, with TensorFlow out of PyPI's wheel: for where its own
# install script fails, and for tests. Tests and commands find the folder by the variable MICRO_YOLO_TFJS.
#
# usage: scripts/setup-tfjs-node.sh FOLDER
# needs: npm, python3 with pip, unzip, g++ (C++17); Linux on x64. Takes about 900 MB.
set -euo pipefail

folder=${1:?usage: scripts/setup-tfjs-node.sh FOLDER}
tfjs=4.22.0
tensorflow=2.15.1
# The libraries do not depend on it; pip wants to know.
python=3.11

mkdir -p "$folder"
cd "$folder"
[ -f package.json ] || echo '{ "private": true }' >package.json
# Without its install script, which would look for TensorFlow elsewhere.
npm install --ignore-scripts --no-audit --no-fund --loglevel=error \
  "@tensorflow/tfjs-node@$tfjs" "@tensorflow/tfjs@$tfjs" node-api-headers

wheel=$(mktemp -d -p .)
trap 'rm -rf "$wheel"' EXIT
python3 -m pip download --quiet --no-cache-dir --no-deps --only-binary=:all: --dest "$wheel" \
  --python-version "$python" --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 \
  "tensorflow-cpu==$tensorflow"
# Status 11: a pattern that fits nothing, since headers lie elsewhere in other versions.
unzip -qo "$wheel"/*.whl 'tensorflow/libtensorflow_cc.so.2' 'tensorflow/libtensorflow_framework.so.2' \
  'tensorflow/include/tensorflow/c/*' 'tensorflow/include/tensorflow/core/platform/*' \
  'tensorflow/include/tsl/*' 'tensorflow/include/tensorflow/tsl/*' -d "$wheel" || [ $? -eq 11 ]

package=node_modules/@tensorflow/tfjs-node
libraries=$package/deps/lib
mkdir -p "$libraries" "$package/lib/napi-v8"
mv "$wheel"/tensorflow/libtensorflow_*.so.2 "$libraries/"
chmod 644 "$libraries"/*
g++ -O2 -std=c++17 -shared -fPIC -w -DNAPI_VERSION=8 -DBUILDING_NODE_EXTENSION \
  -Inode_modules/node-api-headers/include -I"$wheel/tensorflow/include" \
  "$package/binding/tfjs_backend.cc" "$package/binding/tfjs_binding.cc" \
  "$libraries/libtensorflow_cc.so.2" "$libraries/libtensorflow_framework.so.2" \
  '-Wl,-rpath,$ORIGIN/../../deps/lib' -o "$package/lib/napi-v8/tfjs_binding.node"

TF_CPP_MIN_LOG_LEVEL=2 node -e '
  const util = require("node:util");
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
  const tf = require("@tensorflow/tfjs-node");
  const product = tf.matMul([[1, 2], [3, 4]], [[5, 6], [7, 8]]).arraySync().join();
  if (product !== "19,22,43,50") throw new Error(`a product of matrices comes out as ${product}`);
  console.log(`TensorFlow ${tf.backend().binding.TF_Version} in ${process.cwd()}`);
'
