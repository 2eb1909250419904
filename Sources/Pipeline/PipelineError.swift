/// What can be wrong with a chain, its data or its files. Every case carries what the message
/// needs; the message says what is wrong, where, and what to do.
public enum PipelineError: Error, Hashable, Sendable {
  case duplicateResource(String)
  case missingResource(String)
  case malformedResource(String, String)
}
