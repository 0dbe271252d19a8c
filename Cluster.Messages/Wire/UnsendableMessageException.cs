using System.Runtime.Serialization;

namespace Cluster.Messages.Wire;

/// <summary>A message cannot be written: a field is outside the protocol's limits. A mistake of the sender's code.</summary>
/// <param name="field">Which field.</param>
/// <param name="wanted">What the protocol allows.</param>
/// <param name="got">What the message has.</param>
public sealed class UnsendableMessageException(string field, string wanted, string got)
    : SerializationException($"{field}: wanted {wanted}, got {got}; see Limits.")
{
    /// <summary>Which field.</summary>
    public string Field { get; } = field;

    /// <summary>What the protocol allows.</summary>
    public string Wanted { get; } = wanted;

    /// <summary>What the message has.</summary>
    public string Got { get; } = got;
}
