import Dispatch
import Pipeline

/// Parameters, their gradients and their optimiser: what every training does between drawing a batch
/// and drawing the next.
///
/// A batch is cut into shards that do not depend on the number of threads. Each shard adds to its own
/// gradients; these are added as a binary tree, and the optimiser works on blocks of fixed size. So
/// threads change the time, never a bit.
struct Learner: Sendable {
  let layout: ParameterLayout
  let pool: WorkerPool
  private var choice: ThreadChoice
  var parameters: ParameterVector<Float>
  private(set) var optimizer: Optimizer<Float>
  private var shardGradients: Slots<Gradients<Float>>

  init(
    _ parameters: ParameterVector<Float>, _ optimizer: Optimizer<Float>, pool: WorkerPool
  ) {
    layout = parameters.layout
    self.pool = pool
    choice = ThreadChoice(pool)
    self.parameters = parameters
    self.optimizer = optimizer
    shardGradients = Slots(0) { _ in Gradients(ParameterLayout()) }
  }

  /// The threads of the step to be taken.
  var stepPool: WorkerPool { choice.pool }

  /// The number of the step to be taken, from 1: part of every random stream.
  var step: Int { optimizer.step + 1 }

  /// The summed loss of all shards, each computed by `body`, which adds to the shard's gradients.
  ///
  /// - Parameters:
  ///   - adding: whether the gradients are added to those that are there since the last step, rather than
  ///     take their place.
  ///   - finish: what is done once to the sum over these shards.
  mutating func accumulate(
    shards count: Int, adding: Bool = false,
    _ body: @Sendable (Int, inout Gradients<Float>) -> Double,
    finish: (inout Gradients<Float>) -> Void = { _ in }
  ) -> Double {
    // The first slot holds the sum, which must stay while more is added.
    let first = adding ? 1 : 0
    if shardGradients.count < first + count {
      let (layout, old) = (layout, shardGradients)
      shardGradients = Slots(first + count) { $0 < old.count ? old[$0] : Gradients(layout) }
    }
    let gradients = shardGradients
    let losses = Slots(count) { _ in 0.0 }
    stepPool.run(count) { shard in
      gradients[first + shard].reset(leavesProducts: true)
      losses[shard] = body(shard, &gradients[first + shard])
      return gradients[first + shard].takeProducts()
    } rest: {
      $0.add()
    }
    sumShards(first..<first + count)
    finish(&shardGradients[first])
    if adding { shardGradients[0].add(shardGradients[1], pool: stepPool) }
    return (0..<count).reduce(0) { $0 + losses[$1] }
  }

  /// Changes the summed gradients, where a penalty or a mask on the weights asks for it.
  func adjustGradients(_ body: (inout Gradients<Float>) -> Void) { body(&shardGradients[0]) }

  /// Moves the parameters by the accumulated gradients; returns the norm before clipping.
  /// - Throws: `SeqError.nonFinite`.
  mutating func update(learningRate: Double, loss: Double) throws -> Double {
    let norm = optimizer.apply(
      &shardGradients[0], to: &parameters, learningRate: learningRate, pool: stepPool)
    guard loss.isFinite, norm.isFinite else {
      throw SeqError.nonFinite(
        what: whatIsNotFinite(loss: loss), step: optimizer.step, learningRate: learningRate)
    }
    moveStatistics()
    chooseThreads()
    return norm
  }

  private mutating func chooseThreads() {
    if shardGradients.count == 1 {
      choice.smallStepEnded(at: Double(DispatchTime.now().uptimeNanoseconds) * 1e-9)
    } else {
      choice.largeStepEnded()
    }
  }

  /// The loss, or the first parameter whose gradient is to blame.
  private func whatIsNotFinite(loss: Double) -> String {
    let first = layout.parameters.first { parameter in
      !shardGradients[0][parameter].allSatisfy(\.isFinite)
    }
    let gradient = first.map { "gradient of \($0.name)" }
    return loss.isFinite ? gradient ?? "norm of the gradient" : "loss"
  }

  /// Moves the running statistics towards what the shards of the batch measured.
  private mutating func moveStatistics() {
    for parameter in layout.statistics {
      let running = parameters.mutablePointer(parameter)
      let measured = shardGradients[0].pointer(parameter)
      for i in 0..<parameter.count {
        running[i] += Float(BatchNorm.momentum) * (measured[i] - running[i])
      }
    }
  }

  /// Adds all shards' gradients into the first one's, as a binary tree.
  private func sumShards(_ shards: Range<Int>) {
    var distance = 1
    while distance < shards.count {
      for i in stride(from: shards.lowerBound, to: shards.upperBound - distance, by: 2 * distance) {
        shardGradients[i].add(shardGradients[i + distance], pool: stepPool)
      }
      distance *= 2
    }
  }
}

// MARK: - Snapshots

extension Learner {
  /// Adds the weights and what the optimiser remembers.
  func save(to snapshot: inout TrainingSnapshot) {
    let memory = optimizer.memory
    snapshot.numbers["step"] = .int(memory.step)
    snapshot.arrays["parameters"] = parameters.elements
    for (i, slot) in memory.slots.enumerated() {
      snapshot.arrays["optimizer.\(i)"] = slot.elements
    }
  }

  /// - Throws: `SeqError.unusableSnapshot`.
  mutating func restore(_ snapshot: TrainingSnapshot) throws {
    var memory = optimizer.memory
    memory.step = try snapshot.count("step")
    parameters.load(try snapshot.array("parameters", count: layout.count))
    for i in memory.slots.indices {
      memory.slots[i].load(try snapshot.array("optimizer.\(i)", count: layout.count))
    }
    optimizer.memory = memory
  }

  /// Weights of this model that a snapshot may have.
  func vector(
    in snapshot: TrainingSnapshot, _ name: String
  ) throws -> ParameterVector<Float>? {
    guard snapshot.arrays[name] != nil else { return nil }
    var vector = ParameterVector<Float>(layout)
    vector.load(try snapshot.array(name, count: layout.count))
    return vector
  }
}
