export default {
  output: 'standalone',
  // Native modules and model files cannot go into a bundle.
  serverExternalPackages: ['micro-yolo'],
  // Files that no import names: models, native libraries and their WebAssembly stand-ins.
  outputFileTracingIncludes: {
    '/api/detect': [
      './node_modules/micro-yolo/models/**',
      './node_modules/micro-yolo/package.json',
      './node_modules/onnxruntime-node/bin/napi-v6/linux/x64/**',
      './node_modules/@img/**',
    ],
  },
};
