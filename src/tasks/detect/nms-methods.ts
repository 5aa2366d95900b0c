export { NMS_METHODS } from '../../boxes/nms/suppress.ts';
