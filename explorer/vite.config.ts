import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { compressed } from './compressed.ts';
import { galleryData } from './galleryData.ts';
import { kernelData } from './kernelData.ts';
import { kernelDocs } from './kernelDocs.ts';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [kernelData(), kernelDocs(), galleryData(), compressed()],
  resolve: { dedupe: ['preact', '@codemirror/state', '@codemirror/view'] },
  worker: { format: 'es', plugins: () => [kernelData()] },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 2000 },
});
