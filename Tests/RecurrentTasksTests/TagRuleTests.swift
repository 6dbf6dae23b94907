import Recurrent
import RecurrentData
import RecurrentNN
import Testing

/// Two modules know the rules of tags, the one for files, the other for conditional random fields: they must be the same rules.
@Suite struct TagRuleTests {
  private static let tags = ["O"] + ["A", "B-C"].flatMap { type in ["B", "I"].map { "\($0)-\(type)" } }
  private static let closedTags =
    ["O"] + ["A", "B-C"].flatMap { type in ["B", "I", "E", "S"].map { "\($0)-\(type)" } }

  @Test func theyAreTheSame() throws {
    for (scheme, tags, constraints) in [
      (TagScheme.bio, Self.tags, try TransitionConstraints.bio(Self.tags)),
      (.bio, ["O", "B", "I"], try .bio(["O", "B", "I"])),
      (.bioes, Self.closedTags, try .bioes(Self.closedTags)),
      (.bioes, ["O", "B", "I", "E", "S"], try .bioes(["O", "B", "I", "E", "S"])),
    ] {
      let read = try tags.map { try #require(EntityTag($0)) }
      for (before, previous) in read.enumerated() {
        #expect(constraints.starts[before] == scheme.allows(previous, after: nil), "\(scheme) \(previous)")
        #expect(constraints.ends[before] == scheme.allowsEnd(after: previous), "\(scheme) \(previous)")
        for (after, tag) in read.enumerated() {
          #expect(
            constraints.transitions[before][after] == scheme.allows(tag, after: previous),
            "\(scheme) \(previous) \(tag)")
        }
      }
    }
  }
}
