using System.Runtime.InteropServices;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests;

/// <summary>Messages with nothing remarkable about them.</summary>
internal static class Some
{
    public static JobId Job { get; } = new("j-1");

    public static RoundId Round { get; } = new(2, 3, RoundPurpose.Train, 4, 5);

    public static TensorPayload Floats(params ReadOnlySpan<float> numbers) =>
        new(PayloadKind.Float32, MemoryMarshal.AsBytes(numbers).ToArray());

    public static PublishState PublishState(params ReadOnlySpan<float> numbers) =>
        new(Job, Round, RangeId.Whole, Floats(numbers));
}
