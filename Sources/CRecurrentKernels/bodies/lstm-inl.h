// LSTM, one time step. Gate order i f g o.
//   i = sigmoid(a_i)  f = sigmoid(a_f)  g = tanh(a_g)  o = sigmoid(a_o)
//   c = f c_before + i g        y = o tanh(c)

static void kernel_lstm(ptrdiff_t rows, ptrdiff_t h, T *gates, const T *c_before, T *c, T *y) {
  for (ptrdiff_t r = 0; r < rows; r++, gates += 4 * h, c_before += h, c += h, y += h) {
    RK_EACH(h, {
      T *at = gates + i;
      const V input = sigmoid_v(get(at, part));
      const V forget = sigmoid_v(get(at + h, part));
      const V candidate = tanh_v(get(at + 2 * h, part));
      const V output = sigmoid_v(get(at + 3 * h, part));
      const V cell = fma_v(forget, get(c_before + i, part), input * candidate);
      put(at, part, input);
      put(at + h, part, forget);
      put(at + 2 * h, part, candidate);
      put(at + 3 * h, part, output);
      put(c + i, part, cell);
      put(y + i, part, output * tanh_v(cell));
    });
  }
}

// With d = dy + dh and e = dc + d o (1 - tanh(c)^2):
//   da_i = e g i (1 - i)   da_f = e c_before f (1 - f)   da_g = e i (1 - g^2)   da_o = d tanh(c) o (1 - o)
//   dc_before = e f
static void kernel_lstm_gradient(ptrdiff_t rows, ptrdiff_t h, const T *gates, const T *c_before, const T *c,
                                 const T *dy, const T *dh, T *dc, T *da) {
  for (ptrdiff_t r = 0; r < rows;
       r++, gates += 4 * h, da += 4 * h, c_before += h, c += h, dy += h, dh += h, dc += h) {
    RK_EACH(h, {
      const T *at = gates + i;
      T *to = da + i;
      const V input = get(at, part);
      const V forget = get(at + h, part);
      const V candidate = get(at + 2 * h, part);
      const V output = get(at + 3 * h, part);
      const V squashed = tanh_v(get(c + i, part));
      const V d = get(dy + i, part) + get(dh + i, part);
      const V e = get(dc + i, part) + tanh_gradient(squashed, d * output);
      put(to, part, sigmoid_gradient(input, e * candidate));
      put(to + h, part, sigmoid_gradient(forget, e * get(c_before + i, part)));
      put(to + 2 * h, part, tanh_gradient(candidate, e * input));
      put(to + 3 * h, part, sigmoid_gradient(output, d * squashed));
      put(dc + i, part, e * forget);
    });
  }
}
