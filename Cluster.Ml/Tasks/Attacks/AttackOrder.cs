using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Security.Attacks;

namespace Cluster.Ml.Tasks.Attacks;

/// <summary>What an attack's tasks are to do: the specification of each of them, which differ by their index alone.</summary>
/// <remarks>
/// Text   one JSON object; equal orders have equal texts
/// Range  consecutive pieces belong to one task where there are more of them than <see cref="TasksOfAttack"/>, so that data is not read
///        for each
/// </remarks>
/// <param name="Attack">The attack's name.</param>
/// <param name="Settings">What was asked of it.</param>
/// <param name="Pieces">How many pieces it is cut into, as whoever ordered it has counted.</param>
public sealed record AttackOrder(string Attack, AttackSettings Settings, int Pieces)
{
    /// <summary>The most tasks of an attack.</summary>
    public const int TasksOfAttack = 128;

    /// <summary>The attacked model and where it lies; null if a job is attacked.</summary>
    public ModelAt? Model { get; init; }

    /// <summary>The attacker's own model; null if there is none.</summary>
    public ModelAt? Substitute { get; init; }

    /// <summary>Further models.</summary>
    public IReadOnlyList<ModelAt> Others { get; init; } = [];

    /// <summary>As <see cref="AttackTarget.Rows"/>.</summary>
    public int? Rows { get; init; }

    /// <summary>As <see cref="AttackTarget.Low"/>.</summary>
    public double? Low { get; init; }

    /// <summary>As <see cref="AttackTarget.High"/>.</summary>
    public double? High { get; init; }

    /// <summary>How many tasks.</summary>
    public int Tasks => (Pieces + PiecesOfTask - 1) / PiecesOfTask;

    private int PiecesOfTask => Math.Max(1, (Pieces + TasksOfAttack - 1) / TasksOfAttack);

    /// <summary>The kind.</summary>
    internal PiecewiseAttack Kind => AttackRegistry.Find(Attack) as PiecewiseAttack ?? throw Wrong("an attack that is cut into pieces", Attack);

    /// <summary>Which pieces belong to a task.</summary>
    public IEnumerable<int> PiecesOf(int task) => Enumerable.Range(task * PiecesOfTask, Math.Clamp(Pieces - (task * PiecesOfTask), 0, PiecesOfTask));

    /// <summary>The results of all pieces, by index, from those of the tasks.</summary>
    /// <param name="results">Of every task, by index.</param>
    /// <exception cref="InvalidDataException">They are no results of these tasks.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> PiecesIn(IReadOnlyList<ReadOnlyMemory<byte>> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        ReadOnlyMemory<byte>[] pieces = [.. results.SelectMany(AttackPieceKind.Unpack)];
        return pieces.Length == Pieces ? pieces : throw new InvalidDataException($"AttackOrder: wanted {Pieces} pieces, got {pieces.Length}.");
    }

    /// <summary>What is attacked, as a task sees it.</summary>
    /// <param name="spec">The job that the task is of.</param>
    /// <param name="data">Its data, if it was read already.</param>
    /// <param name="storage">Where rows are kept.</param>
    /// <exception cref="BadInputException">A model cannot be read, or is another.</exception>
    internal AttackTarget TargetOf(JobSpec spec, PreparedData? data, RowStorage? storage = null) => new()
    {
        Model = Model?.Read(),
        Job = Model is null ? spec : null,
        Substitute = Substitute?.Read(),
        Others = [.. Others.Select(other => other.Read())],
        Data = spec.Data.Source,
        Rows = Rows,
        Low = Low,
        High = High,
        Prepared = data,
        Storage = storage ?? RowStorage.Default,
    };

    /// <summary>The text of the job that the tasks of an attack on a trained model are of: it says where the rows are, and nothing else is looked at.</summary>
    /// <param name="name">Names it.</param>
    /// <param name="source">The rows.</param>
    public static string JobTextOf(string name, string source) =>
        $"name: {name}\ndata: {{ source: '{source.Replace("'", "''", StringComparison.Ordinal)}' }}\nmodel: {{ kind: softmax }}\ntraining: {{ epochs: 1 }}\n";

    /// <summary>The order as a text.</summary>
    public override string ToString() => new JsonObject
    {
        ["attack"] = Attack,
        ["pieces"] = Pieces,
        ["model"] = Model?.ToJson(),
        ["substitute"] = Substitute?.ToJson(),
        ["others"] = new JsonArray([.. Others.Select(other => (JsonNode)other.ToJson())]),
        ["rows"] = Rows,
        ["low"] = Low,
        ["high"] = High,
        ["norm"] = Settings.Norm is { } norm ? NormBall.NameOf(norm) : null,
        ["epsilon"] = Settings.Epsilon,
        ["steps"] = Settings.Steps,
        ["step-size"] = Settings.StepSize,
        ["restarts"] = Settings.Restarts,
        ["queries"] = Settings.Queries,
        ["confidence"] = Settings.Confidence,
        ["with"] = Settings.With,
        ["noise"] = Settings.Noise,
        ["models"] = Settings.Models,
        ["seed"] = Settings.Seed,
    }.ToJsonString();

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="BadInputException">It is another text.</exception>
    public static AttackOrder Read(string text)
    {
        try
        {
            JsonObject order = JsonNode.Parse(text)!.AsObject();
            T? Value<T>(string name) where T : struct => order[name] is { } value ? value.GetValue<T>() : null;
            AttackSettings settings = new()
            {
                Norm = order["norm"] is { } norm ? NormBall.Names.First(named => named.Key == norm.GetValue<string>()).Value : null,
                Epsilon = Value<double>("epsilon"),
                Steps = Value<int>("steps"),
                StepSize = Value<double>("step-size"),
                Restarts = Value<int>("restarts"),
                Queries = Value<int>("queries"),
                Confidence = Value<double>("confidence"),
                With = order["with"]?.GetValue<string>(),
                Noise = Value<double>("noise"),
                Models = Value<int>("models"),
                Seed = Value<ulong>("seed") ?? throw Wrong("a seed", "none"),
            };
            int pieces = Value<int>("pieces") ?? 0;
            AttackOrder read = new(order["attack"]!.GetValue<string>(), settings, pieces)
            {
                Model = ModelAt.Of(order["model"]),
                Substitute = ModelAt.Of(order["substitute"]),
                Others = [.. order["others"]!.AsArray().Select(other => ModelAt.Of(other)!)],
                Rows = Value<int>("rows"),
                Low = Value<double>("low"),
                High = Value<double>("high"),
            };
            return pieces >= 1 && read.Kind.OnJobs == read.Model is null ? read : throw Wrong("at least one piece, and a model where a model is attacked", text);
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException or FormatException or NullReferenceException or OverflowException)
        {
            throw Wrong("an order of an attack", text);
        }
    }

    private static BadInputException Wrong(string wanted, string got) =>
        new("attack", null, null, wanted, got.Length > 80 ? string.Create(CultureInfo.InvariantCulture, $"{got.Length} characters") : $"'{got}'", "run the same version of the program on every node");

    /// <summary>A model in a file that every worker sees.</summary>
    /// <param name="Path">Where.</param>
    /// <param name="Sha256">Its identity.</param>
    public sealed record ModelAt(string Path, string Sha256)
    {
        /// <summary>Reads it.</summary>
        /// <exception cref="BadInputException">The file cannot be read, or holds another model.</exception>
        internal SavedModel Read()
        {
            SavedModel model = ModelFile.Read(Path);
            return model.Model.Sha256 == Sha256 ? model
                : throw new BadInputException(Path, null, null, $"the model {Sha256} that is attacked", $"{model.Model.Sha256}", "leave the file as it is until the attack has ended");
        }

        internal JsonObject ToJson() => new() { ["path"] = Path, ["sha256"] = Sha256 };

        internal static ModelAt? Of(JsonNode? node) => node is null ? null : new(node["path"]!.GetValue<string>(), node["sha256"]!.GetValue<string>());
    }
}
