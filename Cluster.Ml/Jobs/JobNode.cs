namespace Cluster.Ml.Jobs;

/// <summary>Where a piece of a job was written: a place in a file, or a flag of the command line.</summary>
/// <param name="File">The file's name, or the whole flag.</param>
/// <param name="Line">From 1; null for a flag.</param>
/// <param name="Column">From 1; null for a flag.</param>
internal readonly record struct JobPlace(string File, int? Line, int? Column);

/// <summary>One node of the job file's tree, with the place that it was written at.</summary>
internal abstract class JobNode(JobPlace place)
{
    public JobPlace Place { get; } = place;

    /// <summary>What the node is, for a message.</summary>
    public abstract string Describe();

    /// <summary>A single word, number or text.</summary>
    internal sealed class Scalar(JobPlace place, string text, bool plain) : JobNode(place)
    {
        private const int ShownMax = 60;

        public string Text { get; } = text;

        /// <summary>Written without quotes: numbers, true, false and null are meant only then.</summary>
        public bool Plain { get; } = plain;

        public bool IsNull => Plain && Text is "null" or "~";

        public override string Describe() => Text.Length switch
        {
            0 => Plain ? "nothing" : "an empty text",
            > ShownMax => $"'{Text.AsSpan(0, ShownMax)}…' ({Text.Length} characters)",
            _ => $"'{Text}'",
        };
    }

    /// <summary>A list.</summary>
    internal sealed class Sequence(JobPlace place) : JobNode(place)
    {
        public List<JobNode> Items { get; } = [];

        public override string Describe() => $"a list of {Items.Count}";
    }

    /// <summary>Keys with values, in the order written.</summary>
    internal sealed class Mapping(JobPlace place) : JobNode(place)
    {
        public List<Entry> Entries { get; } = [];

        public Entry? Find(string key) => Entries.Find(entry => entry.Key == key);

        public void Set(string key, JobPlace place, JobNode value)
        {
            int index = Entries.FindIndex(entry => entry.Key == key);
            if (index < 0)
                Entries.Add(new Entry(key, place, value));
            else
                Entries[index] = new Entry(key, place, value);
        }

        public override string Describe() => Entries.Count == 0
            ? "an empty mapping"
            : $"a mapping with {string.Join(", ", Entries.Take(4).Select(entry => entry.Key))}{(Entries.Count > 4 ? ", …" : "")}";
    }

    /// <summary>One key of a mapping.</summary>
    internal sealed record Entry(string Key, JobPlace Place, JobNode Value);
}
