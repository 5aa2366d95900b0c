# Training and detection on NVIDIA GPUs by tfjs-node-gpu 4.22, which carries TensorFlow 2.9: it wants CUDA 11.2 and
# cuDNN 8.1, which hardly any machine has.
#
#   docker build -t micro-yolo .
#   docker run --rm --gpus all micro-yolo doctor --require-gpu
#   docker run --rm --gpus all -v "$PWD:/work" micro-yolo train --data data.yaml --engine tensorflow --require-gpu
FROM node:20-bullseye AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build
# Leaves out what only development needs.
RUN npm install --no-save --omit=dev --no-audit --no-fund @tensorflow/tfjs-node-gpu@4.22.0

FROM nvidia/cuda:11.2.2-cudnn8-runtime-ubuntu20.04
COPY --from=node:20-bullseye-slim /usr/local/bin/node /usr/local/bin/node
COPY --from=build /app /app
WORKDIR /work
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
