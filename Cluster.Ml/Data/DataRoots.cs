using System.Collections.Immutable;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data;

/// <summary>
/// The folders below which jobs of strangers may name files. Whoever may submit a job chooses what is read, and what is read comes out
/// again, in a model or in an error; so a node that takes jobs reads nothing else for them.
/// </summary>
/// <remarks>
/// Range     a path is looked at after its links are followed, and so is each file once more when it is opened, so that nothing can be put
///           in its place in between; everything that <see cref="RegularFile"/> opens while <see cref="Within{T}"/> runs is covered
/// </remarks>
public sealed class DataRoots
{
    private static readonly AsyncLocal<DataRoots?> s_now = new();

    private readonly ImmutableArray<string> _roots;
    private readonly string? _runs;
    private readonly string? _modelName;

    /// <summary>Roots.</summary>
    /// <param name="roots">The folders; none for no file at all.</param>
    /// <param name="runs">The folder of runs, where journals are: closed even where a root is above it. Null if there is none.</param>
    /// <param name="modelName">What models are called there, which a job may begin with.</param>
    public DataRoots(IEnumerable<string> roots, string? runs = null, string? modelName = null)
    {
        _roots = [.. roots.Select(RealPath.Of)];
        _runs = runs is null ? null : RealPath.Of(runs);
        _modelName = modelName;
    }

    /// <summary>The folders, without links.</summary>
    public IReadOnlyList<string> Folders => _roots;

    /// <summary>The roots that a node's setting names; null if it names "/" and so sets no limit.</summary>
    /// <param name="folders">The setting.</param>
    /// <param name="runs">The folder of runs, or null.</param>
    /// <param name="modelName">What models are called there.</param>
    public static DataRoots? OfSetting(IReadOnlyCollection<string> folders, string? runs = null, string? modelName = null) =>
        folders.Contains("/") ? null : new DataRoots(folders, runs, modelName);

    /// <summary>The same, and a folder more.</summary>
    public DataRoots And(string folder) => new([.. _roots, folder], _runs, _modelName);

    /// <summary>Whether a job may have what this path leads to.</summary>
    public bool Allows(string path)
    {
        try
        {
            return AllowsReal(RealPath.Of(path));
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Refuses a job that names a file elsewhere, without saying whether there is one.</summary>
    /// <exception cref="BadInputException">A path of the job leads elsewhere.</exception>
    public void Require(JobSpec spec)
    {
        BadInputException[] errors = [.. PathsOf(spec).Where(named => !Allows(named.Path)).Select(named => Error(named.Path, named.Key))];
        if (errors.Length > 0) throw BadInputException.Of(errors);
    }

    /// <summary>Reads for a job: meanwhile nothing can be opened but what the roots allow.</summary>
    /// <param name="read">What reads.</param>
    public T Within<T>(Func<T> read)
    {
        DataRoots? before = s_now.Value;
        s_now.Value = this;
        try
        {
            return read();
        }
        finally
        {
            s_now.Value = before;
        }
    }

    /// <summary>What whoever submitted a job is told of a failure: nothing that stands in a file, if there are roots, for they may not read it.</summary>
    /// <param name="roots">The node's; null if jobs are its user's own.</param>
    /// <param name="reason">The failure.</param>
    /// <param name="job">The job's name.</param>
    public static string TextOf(DataRoots? roots, Exception reason, string job)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return roots is not null && reason is BadInputException bad ? bad.WithoutContent(job, $"{job}.yaml") : Learning.MemoryNeed.TextOf(reason);
    }

    /// <summary>Reads for a job within its node's roots; without limit if there are none.</summary>
    /// <param name="roots">The node's; null if jobs are its user's own.</param>
    /// <param name="read">What reads.</param>
    public static T Read<T>(DataRoots? roots, Func<T> read) => roots is null ? read() : roots.Within(read);

    /// <summary>Every path that a job can name.</summary>
    internal static IEnumerable<(string Key, string Path)> PathsOf(JobSpec spec)
    {
        if (spec.Data.IsRead) yield return ("data.source", spec.Data.Source);
        if (spec.Data.AdaptTo is { } other) yield return ("data.adapt-to", other);
        if (spec.Data.Text?.TestSource is { } test) yield return ("data.test-source", test);
        foreach ((string key, string file) in spec.Learner.Options.FilesOf(spec.Model.Options)) yield return ($"model.{key}", file);
    }

    /// <summary>Refuses what is about to be read, where somebody reads for a job.</summary>
    /// <param name="named">The name that was opened.</param>
    /// <param name="real">What was opened, without links.</param>
    internal static void RequireNow(string named, Func<string> real)
    {
        if (s_now.Value is { } roots && !roots.AllowsReal(real())) throw new OutsideRootsException(named);
    }

    internal static BadInputException Error(string path, string key) => new(
        path, null, null, $"{key} below a folder that this node lets jobs read", "a path elsewhere",
        "put the data below one of its data-roots, or let whoever runs the node add the folder to them");

    private bool AllowsReal(string path) => _runs is not null && RealPath.IsWithin(path, _runs)
        ? Path.GetFileName(path) == _modelName
        : _roots.Any(root => RealPath.IsWithin(path, root));
}

/// <summary>A file was to be read for a job, and lies outside of the <see cref="DataRoots"/>.</summary>
/// <param name="path">Its name.</param>
public sealed class OutsideRootsException(string path) : UnauthorizedAccessException($"{path}: wanted a file below the node's data-roots, got one elsewhere")
{
    /// <summary>The error, as the job's.</summary>
    public BadInputException Error { get; } = DataRoots.Error(path, "a file");
}
