// GRU, one time step of h neighbouring units of `size`, in its two forms. Gate order r z n.
//   r = sigmoid(a_r)  z = sigmoid(a_z)  n = tanh(a_n)      y = z h_before + (1 - z) n
// reset after the product:  a_n = n_in + r q,  q = h_before U_n + b;   before it:  a_n holds (r h_before) U_n.

RK_INLINE V gru_mix(V update, V candidate, V before) {
  return fma_v(update, before, ((V)(1) - update) * candidate);
}

static void kernel_gru_after(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, T *gates, const T *q, const T *h_before,
                             T *y) {
  for (ptrdiff_t r = 0; r < rows; r++, gates += 3 * size, q += size, h_before += size, y += size) {
    RK_EACH(h, {
      T *at = gates + i;
      const V reset = sigmoid_v(get(at, part));
      const V update = sigmoid_v(get(at + size, part));
      const V candidate = tanh_v(fma_v(reset, get(q + i, part), get(at + 2 * size, part)));
      put(at, part, reset);
      put(at + size, part, update);
      put(at + 2 * size, part, candidate);
      put(y + i, part, gru_mix(update, candidate, get(h_before + i, part)));
    });
  }
}

// With d = dy + dh:
//   da_z = d (h_before - n) z (1 - z)   da_n = d (1 - z) (1 - n^2)   dq = da_n r   da_r = da_n q r (1 - r)
static void kernel_gru_after_gradient(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, const T *gates, const T *q,
                                      const T *h_before, const T *dy, T *dh, T *da, T *dq) {
  for (ptrdiff_t r = 0; r < rows;
       r++, gates += 3 * size, da += 3 * size, q += size, h_before += size, dy += size, dh += size, dq += size) {
    RK_EACH(h, {
      const V reset = get(gates + i, part);
      const V update = get(gates + size + i, part);
      const V candidate = get(gates + 2 * size + i, part);
      const V d = get(dy + i, part) + get(dh + i, part);
      const V dn = tanh_gradient(candidate, d * ((V)(1) - update));
      put(da + i, part, sigmoid_gradient(reset, dn * get(q + i, part)));
      put(da + size + i, part, sigmoid_gradient(update, d * (get(h_before + i, part) - candidate)));
      put(da + 2 * size + i, part, dn);
      put(dq + i, part, dn * reset);
      put(dh + i, part, d * update);
    });
  }
}

static void kernel_gru_before_reset(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, T *gates, const T *h_before, T *rh) {
  for (ptrdiff_t r = 0; r < rows; r++, gates += 3 * size, h_before += size, rh += size) {
    RK_EACH(h, {
      const V reset = sigmoid_v(get(gates + i, part));
      put(gates + i, part, reset);
      put(gates + size + i, part, sigmoid_v(get(gates + size + i, part)));
      put(rh + i, part, reset * get(h_before + i, part));
    });
  }
}

static void kernel_gru_before_output(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, T *gates, const T *h_before, T *y) {
  for (ptrdiff_t r = 0; r < rows; r++, gates += 3 * size, h_before += size, y += size) {
    RK_EACH(h, {
      const V candidate = tanh_v(get(gates + 2 * size + i, part));
      put(gates + 2 * size + i, part, candidate);
      put(y + i, part, gru_mix(get(gates + size + i, part), candidate, get(h_before + i, part)));
    });
  }
}

static void kernel_gru_before_output_gradient(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, const T *gates,
                                              const T *h_before, const T *dy, T *dh, T *da) {
  for (ptrdiff_t r = 0; r < rows; r++, gates += 3 * size, da += 3 * size, h_before += size, dy += size, dh += size) {
    RK_EACH(h, {
      const V update = get(gates + size + i, part);
      const V candidate = get(gates + 2 * size + i, part);
      const V d = get(dy + i, part) + get(dh + i, part);
      put(da + size + i, part, sigmoid_gradient(update, d * (get(h_before + i, part) - candidate)));
      put(da + 2 * size + i, part, tanh_gradient(candidate, d * ((V)(1) - update)));
      put(dh + i, part, d * update);
    });
  }
}

static void kernel_gru_before_reset_gradient(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, const T *gates,
                                             const T *h_before, const T *drh, T *dh, T *da) {
  for (ptrdiff_t r = 0; r < rows; r++, gates += 3 * size, da += 3 * size, h_before += size, drh += size, dh += size) {
    RK_EACH(h, {
      const V reset = get(gates + i, part);
      const V gradient = get(drh + i, part);
      put(da + i, part, sigmoid_gradient(reset, gradient * get(h_before + i, part)));
      put(dh + i, part, fma_v(gradient, reset, get(dh + i, part)));
    });
  }
}
