internal import RecurrentCore
internal import RecurrentReports

/// What the cores of this machine can do at most, on one thread and on several.
struct SpeedReport {
  let measured: [MachineSpeed]

  /// Measures on one thread and on `threads`, for some `seconds` in all.
  init(threads: Int, seconds: Double) {
    let counts = threads == 1 ? [1] : [1, threads]
    measured = counts.map { MachineSpeed(threads: $0, seconds: seconds / Double(counts.count)) }
  }

  /// A line for each number of threads.
  var text: String {
    var table = ReportTable([
      .number("threads"), .number("multiply-adds"), .number("own cache"), .number("shared cache"),
      .number("main memory"),
    ])
    let format = NumberFormat.significant(3)
    func rate(_ bytes: Double) -> String { format.text(bytes / 1e9) + " GB/s" }
    for speed in measured {
      table.append([
        "\(speed.threads)", format.text(speed.peak / 1e9) + " GFLOP/s", rate(speed.ownCache),
        rate(speed.sharedCache), rate(speed.mainMemory),
      ])
    }
    return table.text()
  }

  var json: JSONValue {
    .array(
      measured.map {
        [
          "threads": .integer($0.threads), "level": .string($0.level.name),
          "peak_gflops": .number($0.peak / 1e9),
          "read_gb_per_second": [
            "own_cache": .number($0.ownCache / 1e9), "shared_cache": .number($0.sharedCache / 1e9),
            "main_memory": .number($0.mainMemory / 1e9),
          ],
        ]
      })
  }
}
