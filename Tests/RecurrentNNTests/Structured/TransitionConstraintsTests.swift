import RecurrentNN
import Testing

@Suite("Constraints from tags")
struct TransitionConstraintsTests {
  @Test func bioForbidsAnInsideWithoutItsBeginning() throws {
    let constraints = try TransitionConstraints.bio(twoKinds)
    #expect(constraints.starts == [true, true, false, true, false])
    #expect(constraints.ends == [true, true, true, true, true])
    #expect(
      constraints.transitions == [
        [true, true, false, true, false], [true, true, true, true, false], [true, true, true, true, false],
        [true, true, false, true, true], [true, true, false, true, true],
      ])
    #expect(constraints.allows([0, 1, 2, 2, 0, 3]) && constraints.allows([]))
    #expect(!constraints.allows([0, 2]) && !constraints.allows([1, 4]) && !constraints.allows([2]))
  }

  @Test func bioesClosesWhatItOpens() throws {
    let constraints = try TransitionConstraints.bioes(["O", "B-A", "I-A", "E-A", "S-A", "E-B", "B-B"])
    #expect(constraints.starts == [true, true, false, false, true, false, true])
    #expect(constraints.ends == [true, false, false, true, true, true, false])
    // O, E and S let a new span begin; B and I go on with their own.
    let closed = [true, true, false, false, true, false, true]
    let open = [false, false, true, true, false, false, false]
    #expect(
      constraints.transitions == [
        closed, open, open, closed, closed, closed, [false, false, false, false, false, true, false],
      ])
    #expect(
      constraints.allows([0, 1, 2, 3, 4, 6, 5]) && !constraints.allows([1]) && !constraints.allows([1, 5]))
  }

  @Test func tagsWithoutATypeAreOfOneType() throws {
    let constraints = try TransitionConstraints.bio(["O", "B", "I"])
    #expect(constraints.allows([1, 2, 0]) && !constraints.allows([0, 2]))
  }

  @Test func otherTagsAreRefused() {
    #expect(throws: TagSchemeError.unknown(tag: "E-A", label: 1, letters: ["B", "I"])) {
      try TransitionConstraints.bio(["O", "E-A"])
    }
    #expect(throws: TagSchemeError.repeated(tag: "O", label: 2)) {
      try TransitionConstraints.bioes(["O", "B-A", "O"])
    }
    #expect(
      "\(TagSchemeError.unknown(tag: "E-A", label: 1, letters: ["B", "I"]))"
        == "tag 'E-A' of label 1, expected O or one of B-TYPE, I-TYPE; rename it, or write the constraints as tables"
    )
  }
}
