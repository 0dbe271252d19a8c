using System.Runtime.Serialization;

namespace Cluster.Messages.Wire;

/// <summary>Bytes that came from another process are no message of this protocol. The only exception that reading throws.</summary>
/// <param name="message">Which message, or manifest, was being read.</param>
/// <param name="field">Which of its fields.</param>
/// <param name="offset">At which byte.</param>
/// <param name="wanted">What was wanted there.</param>
/// <param name="got">What was there.</param>
public sealed class MalformedMessageException(string message, string field, int offset, string wanted, string got)
    : SerializationException($"{message}.{field}, byte {offset}: wanted {wanted}, got {got}; the sender is of another version, or is no node of this cluster.")
{
    /// <summary>Which message, or manifest, was being read.</summary>
    public string Manifest { get; } = message;

    /// <summary>Which of its fields.</summary>
    public string Field { get; } = field;

    /// <summary>At which byte.</summary>
    public int Offset { get; } = offset;

    /// <summary>What was wanted there.</summary>
    public string Wanted { get; } = wanted;

    /// <summary>What was there.</summary>
    public string Got { get; } = got;
}
