/// What happens to each layer's output before the layer above reads it. The recurrent path itself is
/// left alone: to normalise it too has been found not to help (Laurent et al., 2016, section 3).
public enum StackNormalization: String, Codable, Sendable, Hashable, CaseIterable {
  case none
  /// Each step of each sequence by itself (`LayerNorm`).
  case layer
}
