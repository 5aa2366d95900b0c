/**
 * Returns the expected value of a distance distribution: Σ i · softmax(logits)ᵢ (generalized focal loss,
 * https://arxiv.org/abs/2006.04388).
 * @param bins number of logits, beginning at `start`
 */
export function expectedDistance(data: Float32Array, start: number, bins: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < bins; i++) largest = Math.max(largest, data[start + i]!);
  let [sum, weighted] = [0, 0];
  for (let i = 0; i < bins; i++) {
    const weight = Math.exp(data[start + i]! - largest);
    sum += weight;
    weighted += i * weight;
  }
  return weighted / sum;
}
