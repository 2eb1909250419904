/// Applies an update rule to a whole model: clipping, regularisation, then the rule, over the dense
/// parameters and over those rows of sparse tables that have a gradient.
///
/// Regularisation acts on weights, never on biases or sparse tables: L2 as weight decay (decoupled
/// where the rule says so), L1 as sign(w) added to the gradient.
public struct Optimizer<S: Scalar>: Sendable {
  public let rule: any UpdateRule
  public var l1: Double
  public var l2: Double
  /// The largest norm of the whole gradient (Pascanu, Mikolov and Bengio, 2013); 0 is no limit.
  public var clipNorm: Double
  /// The largest size of one element of the gradient; 0 is no limit.
  public var clipValue: Double
  /// How many steps have been taken.
  public private(set) var step = 0
  /// What the rule remembers.
  private var slots: [ParameterVector<S>]

  public init(
    _ rule: any UpdateRule, for layout: ParameterLayout, l1: Double = 0, l2: Double = 0,
    clipNorm: Double = 0, clipValue: Double = 0
  ) {
    self.rule = rule
    self.l1 = l1
    self.l2 = l2
    self.clipNorm = clipNorm
    self.clipValue = clipValue
    slots = (0..<rule.slotCount).map { _ in ParameterVector(layout) }
  }

  /// What the optimiser remembers, to go on from.
  var memory: (step: Int, slots: [ParameterVector<S>]) {
    get { (step, slots) }
    set { (step, slots) = newValue }
  }

  /// Moves the parameters one step and returns the gradient's norm before clipping.
  @discardableResult
  public mutating func apply(
    _ gradients: inout Gradients<S>, to parameters: inout ParameterVector<S>, learningRate: Double
  ) -> Double {
    apply(&gradients, to: &parameters, learningRate: learningRate, pool: WorkerPool(threads: 1))
  }

  /// The same on several threads, with the same result.
  mutating func apply(
    _ gradients: inout Gradients<S>, to parameters: inout ParameterVector<S>, learningRate: Double,
    pool: WorkerPool
  ) -> Double {
    if clipValue > 0 { gradients.clamp(to: S(clipValue)) }
    if l1 > 0 { addSubgradient(of: parameters, to: &gradients) }
    let norm = gradients.norm(pool)
    step += 1
    let scale = clipNorm > 0 && norm > clipNorm ? clipNorm / (norm + 1e-6) : 1
    let g = gradients.vector.pointer
    let w = parameters.mutablePointer
    let memory = slots.indices.map { slots[$0].mutablePointer }
    let (rule, step) = (rule, step)
    for (range, decays) in gradients.updateRanges {
      let decay = decays ? l2 : 0
      pool.runBlocks(range.count, of: WorkerPool.smallBlockSize) { block in
        let start = range.lowerBound + block.lowerBound
        rule.update(
          ParameterUpdate(
            count: block.count, weights: w + start, gradients: g + start,
            slots: memory.map { $0 + start }, step: step, learningRate: learningRate,
            weightDecay: decay, gradientScale: scale))
      }
    }
    return norm
  }

  /// Adds l1 sign(w).
  private func addSubgradient(
    of parameters: ParameterVector<S>, to gradients: inout Gradients<S>
  ) {
    for parameter in parameters.layout.parameters where parameter.role == .weight {
      let (w, g) = (parameters.pointer(parameter), gradients.pointer(parameter))
      for i in 0..<parameter.count where w[i] != 0 { g[i] += w[i] > 0 ? S(l1) : -S(l1) }
    }
  }
}

extension Gradients {
  /// The Euclidean norm of the whole gradient, summed in a fixed order in Double.
  public var norm: Double { norm(WorkerPool(threads: 1)) }

  func norm(_ pool: WorkerPool) -> Double {
    let all = vector.pointer
    var sum = 0.0
    for range in ranges {
      guard range.count > WorkerPool.blockSize else {
        sum += S.sumOfSquares(all + range.lowerBound, count: range.count)
        continue
      }
      let sums = Slots(range.count / WorkerPool.blockSize + 1) { _ in 0.0 }
      pool.runBlocks(range.count) { block in
        sums[block.lowerBound / WorkerPool.blockSize] = S.sumOfSquares(
          all + range.lowerBound + block.lowerBound, count: block.count)
      }
      for i in 0..<sums.count { sum += sums[i] }
    }
    return sum.squareRoot()
  }

  /// Limits every element to [-limit, limit].
  mutating func clamp(to limit: S) {
    let all = vector.mutablePointer
    for range in ranges {
      for i in range { all[i] = max(-limit, min(limit, all[i])) }
    }
  }

  /// The ranges an optimiser works through, each with whether it decays: runs of parameters of one
  /// kind, then the touched rows.
  var updateRanges: [(range: Range<Int>, decays: Bool)] {
    var result: [(range: Range<Int>, decays: Bool)] = []
    for parameter in layout.parameters where parameter.role.isDenseAndLearnt {
      let decays = parameter.role == .weight
      if let last = result.last, last.decays == decays,
        last.range.upperBound == parameter.offset
      {
        result[result.count - 1].range = last.range.lowerBound..<parameter.range.upperBound
      } else {
        result.append((parameter.range, decays))
      }
    }
    for rows in touched { result.append(contentsOf: rows.ranges.map { ($0, false) }) }
    return result
  }
}
