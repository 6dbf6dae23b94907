public import Recurrent
internal import RecurrentCore
internal import RecurrentNN

/// From the words of a sentence to a score of every tag at every word.
///
///     word wₜ → xₜ = (E[wₜ], encoder(characters of wₜ))                   E [V, D]
///     x₁ … x_T → dropout → recurrent layers → dropout → e(t, ·) = W yₜ + b      [T, K]
///     e → a conditional random field, or the softmax of each word
///
/// A word's characters are read once for each different word of a shard. In training a word's vector is, by chance, that of the
/// unknown word: the draw is a function of (seed, update, sentence, place), so neither batch nor threads have a say in it.
///
/// Sources: Lample et al., Neural architectures for named entity recognition (2016), arXiv:1603.01360; Kiperwasser and Goldberg
/// (2016), arXiv:1603.04351, for the replacement of rare words.
public struct TaggerNetwork<Scalar: TensorScalar>: TrainableModel {
  /// Names, shapes and first values of the vectors of words and characters, of the layers, and of the field.
  public let layout: ParameterLayout
  /// E `[V, D]`; row 0 is the unknown word's.
  public let words: ParameterSlot
  let encoder: WordEncoder<Scalar>?
  /// What reads the words' vectors.
  let reader: SequenceModel<Scalar>
  /// What judges the tags of a sentence together; `nil`: each is judged by itself.
  public let field: ConditionalRandomField<Scalar>?
  /// K.
  public let tagCount: Int

  /// Sentences as numbers of forms, with their tags.
  public struct Batch: Sendable {
    /// What the numbers stand for.
    public let forms: WordForms
    /// The forms of each sentence.
    public let sentences: [[Int32]]
    /// The tag of every word; in use, where nothing is compared, no list is looked at.
    public let tags: [[Int]]
    /// A number for each sentence, which its random draws are keyed by.
    public let identifiers: [UInt64]

    /// - Precondition: one list of tags and one identifier for each sentence.
    public init(forms: WordForms, sentences: [[Int32]], tags: [[Int]], identifiers: [UInt64]) {
      precondition(
        tags.count == sentences.count && identifiers.count == sentences.count,
        "\(sentences.count) sentences, \(tags.count) lists of tags, \(identifiers.count) identifiers")
      (self.forms, self.sentences, self.tags, self.identifiers) = (forms, sentences, tags, identifiers)
    }
  }

  /// - Parameters:
  ///   - words: V, the unknown one among them.
  ///   - characters: A, the unknown one among them.
  ///   - tags: K.
  ///   - constraints: of the field; `nil`: every tag may follow every other.
  /// - Throws: `ModelConfigurationError` where sizes do not fit.
  public init(
    _ configuration: TaggerConfiguration, words vocabulary: Int, characters: Int, tags: Int,
    constraints: TransitionConstraints? = nil
  ) throws(ModelConfigurationError) {
    var layout = ParameterLayout()
    let width = configuration.wordSize
    guard width > 0 else { throw .size(layer: "words", found: width) }
    guard width <= ModelConfigurationError.mostParameters / max(vocabulary, 1) else {
      throw .tooLarge(layer: "words")
    }
    words = layout.addTable(
      "words.weight", rows: vocabulary, columns: width, initializer: .normal(standardDeviation: 0.3))
    encoder =
      configuration.characterUnits == 0
      ? nil
      : try WordEncoder(
        characters: characters, size: configuration.characterSize, units: configuration.characterUnits,
        in: &layout)
    // Far from the numbers that the layers' own dropout has.
    var stream = 1 << 8
    func dropout(_ size: Int) -> Dropout<Scalar> {
      defer { stream += 1 }
      return Dropout(
        size: size, rate: configuration.dropout, stream: stream, unit: configuration.dropoutUnit ?? .element)
    }
    let inputSize = width + (encoder?.outputSize ?? 0)
    let below = dropout(inputSize)
    let recurrent = try LayerConfiguration.stack(configuration.layers).makeLayer(
      inputSize: inputSize, named: "recurrent", in: &layout, of: Scalar.self)
    let head = Linear<Scalar>(
      inputSize: recurrent.outputSize, outputSize: tags, named: "output", in: &layout)
    field =
      configuration.output == .field
      ? ConditionalRandomField(labels: tags, constraints: constraints, named: "field", in: &layout) : nil
    let objective = field.map(SequenceObjective<Scalar>.conditionalRandomField)
    reader = SequenceModel(
      body: Stack([below, recurrent, dropout(recurrent.outputSize)]), head: head,
      objective: objective ?? .rows(.softmaxCrossEntropy()), layout: layout)
    self.layout = layout
    tagCount = tags
  }

  // MARK: - Training

  /// Neighbouring sentences, `shardSize` of them.
  public func shards(of batch: Batch) -> [Batch] {
    shardRanges(batchSize: batch.sentences.count).map { range in
      Batch(
        forms: batch.forms, sentences: Array(batch.sentences[range]), tags: Array(batch.tags[range]),
        identifiers: Array(batch.identifiers[range]))
    }
  }

  /// The loss of a shard, counted by words, adding ∂sum/∂parameters into `gradients`; in training with dropout and words
  /// replaced.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func accumulateGradients(
    on shard: Batch, parameters: PackedParameters<Scalar>, mode: RunMode,
    into gradients: inout ParameterStore<Scalar>
  ) -> LossSum {
    let plan = TaggerPlan(shard, mode: mode)
    let spelled = encoder?.run(plan.forms, of: shard.forms, parameters: parameters)
    let input = vectors(plan, spelled?.vectors, parameters)
    let (value, back) = reader.gradient(
      on: .init(input: input, targets: targets(plan)), parameters: parameters, mode: mode, into: &gradients)
    let spelling = scatter(back.input, plan, into: &gradients)
    if let encoder, let spelled { encoder.pullback(spelled, spelling, into: &gradients) }
    return value
  }

  /// The loss of a batch, counted by words, as in use: nothing is random.
  public func loss(on batch: Batch, parameters: PackedParameters<Scalar>) -> LossSum {
    let plan = TaggerPlan(batch, mode: .inference)
    let spelled = encoder?.run(plan.forms, of: batch.forms, parameters: parameters)
    let input = vectors(plan, spelled?.vectors, parameters)
    return reader.loss(on: .init(input: input, targets: targets(plan)), parameters: parameters)
  }

  private func targets(_ plan: TaggerPlan) -> LossTargets<Scalar> {
    if field != nil { return .labels(plan.tags) }
    return .classes(
      (0..<plan.steps).flatMap { t in plan.tags.compactMap { t < $0.count ? $0[t] : nil } })
  }

  // MARK: - Use

  /// The scores of every tag at every word `[T, B, K]`, sentences in the batch's order.
  public func emissions(of batch: Batch, parameters: PackedParameters<Scalar>) -> [Matrix<Scalar>] {
    let plan = TaggerPlan(batch, mode: .inference)
    let spelled = encoder?.run(plan.forms, of: batch.forms, parameters: parameters)
    let scores = reader.outputSequences(vectors(plan, spelled?.vectors, parameters), parameters: parameters)
    var result = [Matrix<Scalar>](repeating: Matrix(zeros: 0, tagCount), count: plan.order.count)
    for (b, sentence) in plan.order.enumerated() {
      let elements = (0..<scores.lengths[b]).flatMap { t in
        let first = (t * scores.batchSize + b) * tagCount
        return scores.values[first..<first + tagCount]
      }
      result[sentence] = Matrix(rows: scores.lengths[b], columns: tagCount, elements: elements)
    }
    return result
  }

  /// xₜ of the words of a batch `[T, B, D + 2 H]`, as in use; the longest sentence comes first.
  func inputs(of batch: Batch, parameters: PackedParameters<Scalar>) -> SequenceBatch<Scalar> {
    let plan = TaggerPlan(batch, mode: .inference)
    let spelled = encoder?.run(plan.forms, of: batch.forms, parameters: parameters)
    return vectors(plan, spelled?.vectors, parameters)
  }

  // MARK: - Vectors

  /// xₜ of every sentence `[T, B, D + 2 H]`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func vectors(
    _ plan: TaggerPlan, _ spelled: [Scalar]?, _ parameters: PackedParameters<Scalar>
  ) -> SequenceBatch<Scalar> {
    let (width, spelling) = (words.columns, encoder?.outputSize ?? 0)
    var input = SequenceBatch<Scalar>(
      zeros: plan.steps, plan.lengths.count, width + spelling, lengths: plan.lengths,
      identifiers: plan.identifiers)
    input.values.withUnsafeMutableBufferPointer { target in
      parameters.values.withUnsafeBufferPointer { source in
        for place in plan.places {
          let first = place.row * (width + spelling)
          let word = words.offset + Int(place.word) * width
          for f in 0..<width { target[first + f] = source[word + f] }
          if let spelled {
            for f in 0..<spelling { target[first + width + f] = spelled[place.form * spelling + f] }
          }
        }
      }
    }
    return input
  }

  /// Adds ∂L/∂xₜ to the words' vectors, in the order of the steps.
  ///
  /// - Returns: ∂L/∂(what the characters gave) `[forms, 2 H]`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func scatter(
    _ gradient: SequenceBatch<Scalar>, _ plan: TaggerPlan, into gradients: inout ParameterStore<Scalar>
  ) -> [Scalar] {
    let (width, spelling) = (words.columns, encoder?.outputSize ?? 0)
    var result = [Scalar](repeating: 0, count: plan.forms.count * spelling)
    gradients.values.withUnsafeMutableBufferPointer { target in
      gradient.values.withUnsafeBufferPointer { source in
        result.withUnsafeMutableBufferPointer { result in
          for place in plan.places {
            let first = place.row * (width + spelling)
            let word = words.offset + Int(place.word) * width
            for f in 0..<width { target[word + f] += source[first + f] }
            for f in 0..<spelling { result[place.form * spelling + f] += source[first + width + f] }
          }
        }
      }
    }
    return result
  }
}
