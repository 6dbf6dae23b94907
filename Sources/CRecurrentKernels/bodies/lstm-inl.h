// LSTM, one time step of h neighbouring units of `size`. Gate order i f g o.
//   i = sigmoid(a_i)  f = sigmoid(a_f)  g = tanh(a_g)  o = sigmoid(a_o)
//   c = f c_before + i g        y = o tanh(c)

static void kernel_lstm(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, T *gates, const T *c_before, T *c, T *y) {
  for (ptrdiff_t r = 0; r < rows; r++, gates += 4 * size, c_before += size, c += size, y += size) {
    RK_EACH(h, {
      T *at = gates + i;
      const V input = sigmoid_v(get(at, part));
      const V forget = sigmoid_v(get(at + size, part));
      const V candidate = tanh_v(get(at + 2 * size, part));
      const V output = sigmoid_v(get(at + 3 * size, part));
      const V cell = fma_v(forget, get(c_before + i, part), input * candidate);
      put(at, part, input);
      put(at + size, part, forget);
      put(at + 2 * size, part, candidate);
      put(at + 3 * size, part, output);
      put(c + i, part, cell);
      put(y + i, part, output * tanh_v(cell));
    });
  }
}

// With d = dy + dh and e = dc + d o (1 - tanh(c)^2):
//   da_i = e g i (1 - i)   da_f = e c_before f (1 - f)   da_g = e i (1 - g^2)   da_o = d tanh(c) o (1 - o)
//   dc_before = e f
static void kernel_lstm_gradient(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, const T *gates, const T *c_before,
                                 const T *c, const T *dy, const T *dh, T *dc, T *da) {
  for (ptrdiff_t r = 0; r < rows;
       r++, gates += 4 * size, da += 4 * size, c_before += size, c += size, dy += size, dh += size, dc += size) {
    RK_EACH(h, {
      const T *at = gates + i;
      T *to = da + i;
      const V input = get(at, part);
      const V forget = get(at + size, part);
      const V candidate = get(at + 2 * size, part);
      const V output = get(at + 3 * size, part);
      const V squashed = tanh_v(get(c + i, part));
      const V d = get(dy + i, part) + get(dh + i, part);
      const V e = get(dc + i, part) + tanh_gradient(squashed, d * output);
      put(to, part, sigmoid_gradient(input, e * candidate));
      put(to + size, part, sigmoid_gradient(forget, e * get(c_before + i, part)));
      put(to + 2 * size, part, tanh_gradient(candidate, e * input));
      put(to + 3 * size, part, sigmoid_gradient(output, d * squashed));
      put(dc + i, part, e * forget);
    });
  }
}
