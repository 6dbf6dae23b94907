extension CommandLineTool {
  /// The `recurrent` command with all of its verbs.
  public static let recurrent = CommandLineTool(
    summary: "trains and runs recurrent sequence models on a plain CPU",
    verbs: [
      TrainForecastVerb(), TrainLanguageModelVerb(), TrainClassifierVerb(), TrainTagVerb(), TrainFillVerb(),
      TrainMusicVerb(), EvaluateVerb(), ForecastVerb(), GenerateVerb(), ClassifyVerb(), TagVerb(), FillVerb(),
      EmbedVerb(), EncodeVerb(), ExplainVerb(), ConvertTagsVerb(),
      InspectVerb(), ReproduceVerb(), GradcheckVerb(),
      DoctorVerb(), BenchVerb(), MarkovFitVerb(), MarkovScoreVerb(), MarkovDecodeVerb(),
      MarkovPosteriorVerb(),
      MarkovSampleVerb(), MarkovPredictVerb(), MarkovSelectVerb(), MarkovShowVerb(), MarkovTeachVerb(),
      MarkovConvertVerb(),
    ])
}
