// One pass over the parameters per step: every array is read and written once.

static void kernel_adam(
    size_t n, float *w, const float *g, float *m, float *v, float lr, float beta1, float beta2,
    float eps, float bias1, float bias2, float weight_decay, bool decoupled, float grad_scale) {
  const float step = lr / bias1;
  const float inverse_root_bias2 = 1.0f / sqrtf(bias2);
  const float keep = decoupled ? 1.0f - lr * weight_decay : 1.0f;
  const float l2 = decoupled ? 0.0f : weight_decay;
  FOR_LANES(j, count, n, {
    const vec weight = load(w + j, count);
    const vec gradient = load(g + j, count) * grad_scale + weight * l2;
    const vec first = load(m + j, count) * beta1 + gradient * (1.0f - beta1);
    const vec second = load(v + j, count) * beta2 + gradient * gradient * (1.0f - beta2);
    const vec spread = __builtin_elementwise_sqrt(second) * inverse_root_bias2 + eps;
    store(m + j, first, count);
    store(v + j, second, count);
    store(w + j, weight * keep - step * (first / spread), count);
  });
}
