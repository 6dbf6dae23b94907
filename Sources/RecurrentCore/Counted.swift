/// A number and what it counts, in a message: `1 step`, `3 steps`.
package func counted(_ count: Int, _ name: String) -> String {
  count == 1 ? "1 \(name)" : "\(count) \(name)s"
}
