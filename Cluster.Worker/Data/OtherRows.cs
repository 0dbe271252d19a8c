using Cluster.Ml.Data;
using Cluster.Ml.Jobs;

namespace Cluster.Worker.Data;

/// <summary>Refuses rows that are not the coordinator's: nothing computed from them may be added to what others compute.</summary>
internal static class OtherRows
{
    /// <summary>Says nothing if they are the same.</summary>
    /// <param name="data">Where they were read.</param>
    /// <param name="wanted">SHA-256 of the coordinator's.</param>
    /// <param name="got">SHA-256 of those that were read here.</param>
    /// <exception cref="BadInputException">They are others.</exception>
    public static void Refuse(DataSpec data, string wanted, string got)
    {
        if (got == wanted) return;
        throw new BadInputException(
            data.Source, null, null, $"the rows that the coordinator trains on (SHA-256 {wanted})", $"other rows ({got})",
            "put the same file on every node, or remove it where it differs: a worker without it is sent the coordinator's");
    }
}
