namespace Cluster.Ml.Jobs.Keys;

/// <summary>A key of the job file, and its place in the file.</summary>
/// <param name="Path">Its path, such as training.optimizer.adam.rate; layers begin with 'layers', whichever list they are in.</param>
/// <param name="Key">The key.</param>
/// <param name="Of">Which jobs have it, in words; null for all.</param>
public sealed record KeyPlace(string Path, JobKey Key, string? Of)
{
    /// <summary>The path of the mapping that holds it; empty for the job itself.</summary>
    public string Parent => Path.Contains('.', StringComparison.Ordinal) ? Path[..Path.LastIndexOf('.')] : "";

    /// <summary>What a job has that leaves it out, with the default's source.</summary>
    public string Default => Key.Required ? "must be written"
        : (Key.Default ?? Key.Otherwise ?? "none") + (Key.Source is { } source ? $" ({source})" : "");

    /// <summary>The values that it takes, with their unit.</summary>
    public string Takes => Key.Range + (Key.Unit is { } unit ? $", {unit}" : "");
}
