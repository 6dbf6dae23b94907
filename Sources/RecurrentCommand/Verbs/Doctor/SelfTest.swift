/// One question to this machine and build, and its answer.
package struct SelfTest: Sendable {
  /// What is tested, in a few words.
  let name: String
  /// What was found, where all is well; throws what is wrong.
  let body: @Sendable () throws(SelfTestFailure) -> String

  package init(name: String, body: @escaping @Sendable () throws(SelfTestFailure) -> String) {
    self.name = name
    self.body = body
  }

  struct Outcome: Sendable, Hashable {
    let name: String
    let passed: Bool
    /// One line.
    let finding: String
    let seconds: Double
  }

  func run() -> Outcome {
    let clock = ContinuousClock()
    let start = clock.now
    let passed: Bool
    let finding: String
    do throws(SelfTestFailure) {
      finding = try body()
      passed = true
    } catch {
      finding = error.finding
      passed = false
    }
    return Outcome(
      name: name, passed: passed, finding: finding, seconds: (clock.now - start) / .seconds(1))
  }
}

package struct SelfTestFailure: Error, Sendable, Hashable {
  let finding: String

  package init(_ finding: String) { self.finding = finding }
}
