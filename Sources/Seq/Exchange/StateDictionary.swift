public import Pipeline

/// Weights by name, as `torch.nn.Module.state_dict()` gives them: what another framework sends.
public struct StateDictionary: Sendable {
  /// What errors call the file.
  public let file: String
  /// 32-bit floats, all finite.
  public let tensors: [String: Resource]

  /// - Throws: `SeqError.foreignWeights` where a tensor has another type or holds a number that is
  ///   not finite.
  public init(_ contents: SafetensorsFile, file: String) throws {
    self.file = file
    // How many batches a batch normalisation has seen: PyTorch counts them for nothing that is here.
    tensors = contents.tensors.filter { !$0.key.hasSuffix(".num_batches_tracked") }
    for name in names {
      guard let tensor = tensors[name] else { continue }
      guard tensor.type == .f32 else {
        throw fault(
          "\(Self.quoted(name)) has type \(tensor.type.rawValue), but F32 is needed "
            + "(module.float() converts)")
      }
      guard tensor.isFinite else {
        throw fault("\(Self.quoted(name)) holds a number that is not finite")
      }
    }
  }

  private init(file: String, tensors: [String: Resource]) {
    (self.file, self.tensors) = (file, tensors)
  }

  /// The weights of a network that reads one-hot vectors, with the identity as its embedding.
  ///
  /// - Throws: `SeqError.foreignWeights` where there are no recurrent layers, there is an embedding,
  ///   or the vectors have more than 4,096 numbers: the embedding grows with their square.
  public func withOneHotInputs(
    _ names: StateNames.Given = StateNames.Given()
  ) throws -> StateDictionary {
    let size = try RecurrentShape(self, rnn: findRecurrentLayers(names)).inputSize
    let name = StateNames().name(of: "embedding.weight")
    guard tensors[name] == nil, names.embedding == nil else {
      throw fault("a network that reads one-hot vectors has no embedding")
    }
    guard size <= 4096 else {
      throw fault("one-hot vectors of \(size) numbers are too long (at most 4096 are allowed)")
    }
    var identity = Tensor<Float>(zeros: [size, size])
    for i in 0..<size { identity[i, i] = 1 }
    var tensors = tensors
    tensors[name] = Resource(
      type: .f32, shape: identity.shape, bytes: identity.littleEndianBytes)
    return StateDictionary(file: file, tensors: tensors)
  }

  /// The same weights where one tensor stands under two names: without the first of them.
  ///
  /// - Throws: `SeqError.foreignWeights` where the two differ.
  func joining(_ first: String, _ second: String) throws -> StateDictionary {
    guard let one = tensors[first], first != second else { return self }
    guard one == tensors[second] else {
      throw fault(
        "\(Self.quoted(first)) and \(Self.quoted(second)) differ, but the model has one matrix "
          + "for both")
    }
    var tensors = tensors
    tensors[first] = nil
    return StateDictionary(file: file, tensors: tensors)
  }

  /// All names, sorted by bytes.
  public var names: [String] {
    tensors.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The shape of a matrix; `nil` where there is none of that name.
  func matrix(_ name: String) -> (rows: Int, columns: Int)? {
    guard let shape = tensors[name]?.shape, shape.count == 2 else { return nil }
    return (shape[0], shape[1])
  }

  /// Takes the weights of a whole network: every parameter has one tensor of its shape, and no
  /// tensor is left over. Nothing is allocated before that is certain.
  ///
  /// - Parameter names: what the layers are called here.
  /// - Throws: `SeqError.foreignWeights`, which names all that is missing, wrong or left over.
  func parameters(
    _ layout: ParameterLayout, names: StateNames
  ) throws -> ParameterVector<Float> {
    var problems: [String] = []
    var missing: [String] = []
    var used: Set<String> = []
    for parameter in layout.parameters {
      let name = names.name(of: parameter.name)
      used.insert(name)
      guard let tensor = tensors[name] else {
        missing.append(name)
        continue
      }
      if tensor.shape != parameter.shape {
        problems.append(
          "\(Self.quoted(name)) has shape \(tensor.shape), but \(parameter.shape) is needed")
      }
    }
    if !missing.isEmpty { problems.insert("missing: \(Self.list(missing))", at: 0) }
    let extra = self.names.filter { !used.contains($0) }
    if !extra.isEmpty { problems.append("not part of the network: \(Self.list(extra))") }
    guard problems.isEmpty else { throw fault(problems.joined(separator: "; ")) }

    var vector = ParameterVector<Float>(layout)
    for parameter in layout.parameters {
      guard let tensor = tensors[names.name(of: parameter.name)] else { continue }
      tensor.withUnsafeBytes { vector.load($0, into: parameter) }
    }
    return vector
  }

  func fault(_ problem: String) -> SeqError { .foreignWeights(file: file, problem: problem) }

  static func quoted(_ name: String) -> String { "\"\(Escaping.printable(name))\"" }

  /// Names for a message, of a long list the first.
  static func list(_ names: [String]) -> String {
    let shown = names.prefix(8).map(quoted).joined(separator: ", ")
    return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
  }
}

extension Resource {
  /// Whether all numbers of an F32 tensor are finite.
  fileprivate var isFinite: Bool {
    bytes.withUnsafeBytes { raw in
      let exponent: UInt32 = 0x7F80_0000
      return stride(from: 0, to: raw.count - 3, by: 4).allSatisfy { offset in
        let bits = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        return bits & exponent != exponent
      }
    }
  }
}
