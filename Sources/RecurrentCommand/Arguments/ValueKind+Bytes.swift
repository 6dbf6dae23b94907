extension ValueKind where Value == Int {
  /// A size of memory: 512MB, 2GiB, or a plain number of bytes.
  public static var bytes: ValueKind {
    ValueKind(placeholder: "SIZE", expectation: "a size like 512MB or 2GiB, of at least 1MB") {
      text throws(ValueProblem) in
      let digits = text.prefix { ("0"..."9").contains($0) }
      let unit = String(text.dropFirst(digits.count))
      guard let count = Int(digits),
        let size = unit.isEmpty ? 1 : units.first(where: { $0.name == unit })?.size
      else { throw ValueProblem() }
      let (bytes, isTooMany) = count.multipliedReportingOverflow(by: size)
      guard !isTooMany, (1_000_000...1 << 50).contains(bytes) else { throw ValueProblem() }
      return bytes
    } describe: { bytes in
      let unit = units.last { bytes % $0.size == 0 }
      return unit.map { "\(bytes / $0.size)\($0.name)" } ?? String(bytes)
    }
  }

  private static var units: [(name: String, size: Int)] {
    [
      ("KB", 1000), ("KiB", 1 << 10), ("MB", 1_000_000), ("MiB", 1 << 20), ("GB", 1_000_000_000),
      ("GiB", 1 << 30),
    ]
  }
}
