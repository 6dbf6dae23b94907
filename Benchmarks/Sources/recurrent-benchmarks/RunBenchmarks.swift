func runBenchmarks(_ options: Options) throws {
  let harness = Harness(budget: options.seconds)
  var rows: [Row] = []
  func show(_ made: [Row]) {
    rows += made
    if !options.asJSON { for row in made { print(row.text) } }
  }
  if options.serves, ChainCase.names.contains(options.cases[0]) {
    guard let folder = options.data else {
      leave(64, "cases needs --data DIR, a folder that peers/export.py filled")
    }
    return try ChainBenchmark.serve(
      options.cases[0], folder: folder, threads: options.threads[0], warmUp: options.seconds)
  }
  if options.serves {
    return try CaseBenchmark(options.cases[0], options, threads: options.threads[0]).serve()
  }
  for name in options.cases {
    for threads in options.threads {
      show([try CaseBenchmark(name, options, threads: threads).row(seconds: options.seconds)])
    }
  }
  if options.chosen.contains("peak") { show([PeakBenchmark.row(seconds: options.seconds)]) }
  if options.chosen.contains("product") { show(try ProductBenchmark.rows(harness)) }
  if options.chosen.contains("directions") { show(try DirectionBenchmark.rows(harness)) }
  if options.chosen.contains("laws") {
    show(try CostLawBenchmark.rows(harness, folder: options.figures))
  }
  if options.chosen.contains("tables") { show(try TableBenchmark.rows(harness)) }
  if options.chosen.contains("stages") {
    show(try StageBenchmark.rows(harness, threads: options.threads))
  }
  if options.chosen.contains("markov") { show(try ChainBenchmark.rows(harness, folder: options.data)) }
  if options.chosen.contains("segments") { show(try SegmentBenchmark.rows(threads: options.threads[0])) }
  if options.chosen.contains("memory") { show(try MemoryBenchmark.rows()) }
  let countsAllocations = options.chosen.contains("allocations") && AllocationBenchmark.canCount
  let counted = countsAllocations ? try AllocationBenchmark.rows() : []
  show(counted)
  let control = countsAllocations ? AllocationBenchmark.control() : nil
  if let control { show([control]) }
  if options.asJSON { print("[\(rows.map(\.json).joined(separator: ",\n"))]") }
  let allocating = counted.filter(AllocationBenchmark.allocates)
  if !allocating.isEmpty {
    leave(1, "a call allocates: \(allocating.map(\.name).joined(separator: ", "))")
  }
  if let control, !AllocationBenchmark.allocates(control) {
    leave(1, "allocations of '\(control.name)' were not counted")
  }
}
