internal import CBenchmarkSupport

/// What a duration is measured with.
enum Clock {
  /// Time that passes.
  case wall
  /// Time that the calling thread computes: what other processes take of the core does not count.
  case thread

  var now: Double {
    switch self {
    case .wall: benchmark_wall_seconds()
    case .thread: benchmark_thread_seconds()
    }
  }

  /// Seconds of one call of `body`, from as many calls as `calls`.
  func seconds(calls: Int, _ body: () throws -> Void) rethrows -> Double {
    let start = now
    for _ in 0..<calls { try body() }
    return (now - start) / Double(calls)
  }
}

/// Where results go, so that no computation can be left out as unused.
@inline(never)
func consume<Value>(_ value: Value) {}
