using System.CommandLine;
using Cluster.Messages.Node.Settings;
using Cluster.Ml.Data.Caching;

namespace Cluster.Coordinator.Cli;

/// <summary>Flags for data that is too large for memory.</summary>
internal sealed class DataFlags
{
    private readonly Option<string?> _folder = new("--data-cache")
    {
        Description = $"The folder in which row caches are kept, in a folder of your own (default: {RowStorage.FolderDefault}).",
    };

    private readonly Option<long?> _limit = Size("--data-cache-limit", "How much is kept there; the oldest makes room (default: 16GiB).", DataOptions.CacheBytesMin);

    private readonly Option<long?> _memory = Size(
        "--data-memory",
        "The largest data source that is read into memory (default: an eighth of the memory, at most 1GiB); the rows of a larger one are read from a row cache. The model does not depend on it.",
        0);

    public void AddTo(Command command)
    {
        command.Add(_folder);
        command.Add(_limit);
        command.Add(_memory);
    }

    /// <summary>Where data is kept.</summary>
    public RowStorage Of(ParseResult parsed) => RowStorage.Of(parsed.GetValue(_folder) is { } folder ? Path.GetFullPath(folder) : null, parsed.GetValue(_limit), parsed.GetValue(_memory));

    private static Option<long?> Size(string name, string description, long least) => new(name)
    {
        Description = description,
        HelpName = ValueKind.OptionalBytes.Placeholder,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (ValueKind.OptionalBytes.TryRead(text, out long? bytes) && (bytes is null || bytes >= least)) return bytes;
            result.AddError($"{name}: wanted {ValueKind.OptionalBytes.Wanted}, at least {least}, got '{text}'.");
            return null;
        },
    };
}
