/// All of them, in the order of the help.
package enum Reproductions {
  package static let all: [any Reproduction.Type] = [
    NoteOneHot.self,
    NoteBidirectional.self,
    PM25Reproduction.self,
    TimeMachineModels.self,
    TimeMachineMisuse.self,
    ShakespeareModel.self,
    UDPartsOfSpeech.self,
    WNUTEntities.self,
    ClozeReproduction.self,
    JSBChorales.self,
    RightContext.self,
    LongGap.self,
    EchoSignal.self,
    BinarySubtraction.self,
    PM25Bands.self,
    NamesModels.self,
    BookNames.self,
    MovieReviews.self,
    JapaneseVowels.self,
    BookDigits.self,
  ]
}
