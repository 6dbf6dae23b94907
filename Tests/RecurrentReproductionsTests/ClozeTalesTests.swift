import RecurrentReproductions
import Testing

/// How tales are dealt to parts.
@Suite struct ClozeTalesTests {
  @Test func talesAreNotTorn() {
    let documents = (0..<40).flatMap { tale in
      (0..<3).map { part in (part...part + 2).map { "tale \(tale) sentence \($0)" } + ["says:"] }
    }
    let tales = ClozeTales(documents)
    #expect(tales.tales == 40 && tales.heldOutTales == 4)
    #expect(tales.training.count == 32 * 5 + 1 && tales.validation.count == 20 && tales.heldOut.count == 20)
    #expect(Set(tales.training).isDisjoint(with: tales.heldOut))
  }
}
