using System.Collections;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests;

/// <summary>Compares two messages field by field, arrays by their elements and doubles by their bits.</summary>
internal static class SameFields
{
    /// <summary>The first field that differs, or null.</summary>
    public static string? Difference(object? left, object? right, string at)
    {
        if (left is null || right is null) return ReferenceEquals(left, right) ? null : at;
        if (left.GetType() != right.GetType()) return at;
        return left switch
        {
            double l => BitConverter.DoubleToInt64Bits(l) == BitConverter.DoubleToInt64Bits((double)right) ? null : at,
            string or IActorRef or TensorPayload or KeyBytes or TaskBytes or Enum => left.Equals(right) ? null : at,
            _ when left.GetType().IsPrimitive => left.Equals(right) ? null : at,
            IEnumerable l => Elements(l.Cast<object?>().ToArray(), ((IEnumerable)right).Cast<object?>().ToArray(), at),
            _ => left.GetType().GetProperties()
                .Select(p => Difference(p.GetValue(left), p.GetValue(right), $"{at}.{p.Name}"))
                .FirstOrDefault(difference => difference is not null),
        };
    }

    private static string? Elements(object?[] left, object?[] right, string at) => left.Length != right.Length
        ? $"{at}.Length"
        : left.Select((item, i) => Difference(item, right[i], $"{at}[{i}]")).FirstOrDefault(difference => difference is not null);
}
