/** All 65,536 IEEE half floats as f32, so that a block's scale costs one look-up. */
export const halfTable: Float32Array = (() => {
  const bits = new Uint16Array(65536);
  for (let i = 0; i < bits.length; i++) bits[i] = i;
  return new Float32Array(new Float16Array(bits.buffer));
})();
