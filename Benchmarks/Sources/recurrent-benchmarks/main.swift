// Measures the package on this machine; `Documentation/performance.md` says how to read the figures. Exit code 1: a
// cell allocates in its time loop; 64: an argument that is not understood; 65: a case that cannot be run.

do {
  try runBenchmarks(Options(Array(CommandLine.arguments.dropFirst())))
} catch {
  leave(65, "\(error)")
}
