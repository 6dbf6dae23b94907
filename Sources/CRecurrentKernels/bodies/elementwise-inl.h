// Functions of one element at a time, and the sum of squares.

static void kernel_exp(ptrdiff_t n, const T *x, T *y) {
  RK_EACH(n, { put(y + i, part, exp_v(get(x + i, part))); });
}

static void kernel_activation(int kind, ptrdiff_t n, const T *x, T *y) {
  switch (kind) {
  case RK_TANH:
    RK_EACH(n, { put(y + i, part, tanh_v(get(x + i, part))); });
    break;
  case RK_SIGMOID:
    RK_EACH(n, { put(y + i, part, sigmoid_v(get(x + i, part))); });
    break;
  case RK_RELU:  // NaN fails the comparison and stays
    RK_EACH(n, {
      const V value = get(x + i, part);
      put(y + i, part, value <= (V)(0) ? (V)(0) : value);
    });
    break;
  default:
    if (x != y) RK_EACH(n, { put(y + i, part, get(x + i, part)); });
  }
}

/// f'(x) from y = f(x), times dy.
RK_INLINE V tanh_gradient(V y, V dy) { return dy * fma_v(-y, y, (V)(1)); }
RK_INLINE V sigmoid_gradient(V y, V dy) { return dy * (y * ((V)(1) - y)); }
RK_INLINE V relu_gradient(V y, V dy) { return y > (V)(0) ? dy : (V)(0); }

static void kernel_activation_gradient(int kind, ptrdiff_t n, const T *y, const T *dy, T *dx) {
  switch (kind) {
  case RK_TANH:
    RK_EACH(n, { put(dx + i, part, tanh_gradient(get(y + i, part), get(dy + i, part))); });
    break;
  case RK_SIGMOID:
    RK_EACH(n, { put(dx + i, part, sigmoid_gradient(get(y + i, part), get(dy + i, part))); });
    break;
  case RK_RELU:
    RK_EACH(n, { put(dx + i, part, relu_gradient(get(y + i, part), get(dy + i, part))); });
    break;
  default:
    if (dx != dy) RK_EACH(n, { put(dx + i, part, get(dy + i, part)); });
  }
}

static void kernel_rnn_gradient(int kind, ptrdiff_t n, const T *y, const T *dy, const T *dh, T *da) {
  switch (kind) {
  case RK_TANH:
    RK_EACH(n, { put(da + i, part, tanh_gradient(get(y + i, part), get(dy + i, part) + get(dh + i, part))); });
    break;
  case RK_SIGMOID:
    RK_EACH(n, { put(da + i, part, sigmoid_gradient(get(y + i, part), get(dy + i, part) + get(dh + i, part))); });
    break;
  case RK_RELU:
    RK_EACH(n, { put(da + i, part, relu_gradient(get(y + i, part), get(dy + i, part) + get(dh + i, part))); });
    break;
  default:
    RK_EACH(n, { put(da + i, part, get(dy + i, part) + get(dh + i, part)); });
  }
}

static void kernel_add(ptrdiff_t n, const T *x, T *y) {
  RK_EACH(n, { put(y + i, part, get(y + i, part) + get(x + i, part)); });
}

static void kernel_scale(ptrdiff_t n, T factor, T *y) {
  RK_EACH(n, { put(y + i, part, get(y + i, part) * (V)(factor)); });
}

static void kernel_hadamard(ptrdiff_t n, const T *a, const T *b, T *y) {
  RK_EACH(n, { put(y + i, part, get(a + i, part) * get(b + i, part)); });
}

// Lane l of 16 (float) or 8 (double) goes on with the squares of elements l, l + 16, ... in double; then a fixed tree.
typedef double Wide __attribute__((ext_vector_type(L)));

static double kernel_sum_of_squares(ptrdiff_t n, const T *x, double *lanes) {
  Wide sum;
  __builtin_memcpy(&sum, lanes, sizeof sum);
  RK_EACH(n, {
    const Wide value = __builtin_convertvector(get(x + i, part), Wide);
#if RK_FUSED
    sum = __builtin_elementwise_fma(value, value, sum);
#else
    sum += value * value;
#endif
  });
  __builtin_memcpy(lanes, &sum, sizeof sum);
  double tree[L];
  __builtin_memcpy(tree, &sum, sizeof sum);
  RK_UNROLL for (int half = L / 2; half > 0; half /= 2) {
    RK_UNROLL for (int l = 0; l < half; l++) tree[l] += tree[l + half];
  }
  return tree[0];
}
