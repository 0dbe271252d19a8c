using Cluster.Messages.Node.Http;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Numerics;
using Microsoft.AspNetCore.Http;

namespace Cluster.Coordinator.Serving;

/// <summary>The models that are served, by name and version; a file that has changed takes the place of its version without a lost request.</summary>
/// <remarks>
/// Range  requests see the shelf as it was before a reload or after it; a version that is taken away answers what waits for it. A file that
///        cannot be read leaves its version as it is
/// Threads any ask; one at a time reloads
/// </remarks>
internal sealed class ModelShelf(IReadOnlyList<ModelSource> sources, ServingOptions options, ServingMetrics metrics, Action<string> warn) : IAsyncDisposable
{
    private readonly SemaphoreSlim _reloading = new(1);
    private readonly CancellationTokenSource _ending = new();
    private readonly Dictionary<string, LoadedFile> _files = new(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, ImmutableSortedDictionary<int, ModelBatcher>> _models =
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<int, ModelBatcher>>(StringComparer.Ordinal);

    private volatile bool _isReady;

    /// <summary>Whether all models are read and have predicted once.</summary>
    public bool IsReady => _isReady;

    /// <summary>Names and versions, in order.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<int, ModelBatcher>> Models => Volatile.Read(ref _models);

    /// <summary>Reads all models for the first time.</summary>
    /// <exception cref="BadInputException">One cannot be read.</exception>
    public async Task LoadAsync()
    {
        await _reloading.WaitAsync();
        try
        {
            foreach (ModelSource source in sources)
                foreach (ModelPlace place in source.Places()) Take(source, place);
            _isReady = true;
        }
        finally
        {
            _reloading.Release();
        }
    }

    /// <summary>Reads files that are new or have changed, and takes versions away whose folders are gone.</summary>
    public async Task ReloadAsync()
    {
        await _reloading.WaitAsync();
        try
        {
            foreach (ModelSource source in sources) Reload(source);
        }
        finally
        {
            _reloading.Release();
        }
    }

    /// <summary>The version that a request names, or the newest.</summary>
    /// <param name="name">The model; null for the only one.</param>
    /// <param name="version">Null for the newest.</param>
    /// <exception cref="ProblemException">There is none.</exception>
    public ModelBatcher Find(string? name, string? version)
    {
        ImmutableSortedDictionary<string, ImmutableSortedDictionary<int, ModelBatcher>> models = Models;
        if (!_isReady) throw new ProblemException(StatusCodes.Status503ServiceUnavailable, "the models: wanted them loaded, got some that are being read; ask again later.");
        if (name is null && models.Count > 1)
            throw new ProblemException(StatusCodes.Status404NotFound, $"wanted the name of a model, got none, of {models.Count} models; ask /models/NAME/predict: {Names(models.Keys)}.");
        if (!models.TryGetValue(name ?? models.Keys.First(), out ImmutableSortedDictionary<int, ModelBatcher>? versions))
            throw new ProblemException(StatusCodes.Status404NotFound, $"model '{Shown(name!)}': wanted one that is served, got another; there are: {Names(models.Keys)}.");
        if (version is null) return versions[versions.Keys.Last()];
        return NumberText.TryRead(version, out int number) && versions.TryGetValue(number, out ModelBatcher? found) ? found
            : throw new ProblemException(StatusCodes.Status404NotFound, $"version '{Shown(version)}': wanted one of {name}, got another; there are: {string.Join(", ", versions.Keys)}.");
    }

    /// <summary>Predicts rows by a version, or by the one that has taken its place meanwhile.</summary>
    /// <param name="batcher">The version.</param>
    /// <param name="isNamed">Whether the request names it.</param>
    /// <param name="read">Reads the request's rows for a version: another may have other columns, or scale them otherwise.</param>
    /// <param name="cancellation">Nobody waits for the answer any more.</param>
    /// <exception cref="ProblemException">Too many rows wait, or the version is gone.</exception>
    public Task<RowAnswers> PredictAsync(ModelBatcher batcher, bool isNamed, Func<ServedModel, ReadRows> read, CancellationToken cancellation)
    {
        while (true)
        {
            ReadRows rows = read(batcher.Model);
            if (batcher.Offer(rows.Rows, rows.Count, cancellation) is { } answer) return answer;
            batcher = Find(batcher.Model.Name, isNamed ? batcher.Model.VersionText : null);
        }
    }

    /// <summary>The server ends: batches wait for nobody any more.</summary>
    public void Hurry() => _ending.Cancel();

    public async ValueTask DisposeAsync()
    {
        _isReady = false;
        await Task.WhenAll(Models.Values.SelectMany(versions => versions.Values).Select(batcher => batcher.RetireAsync()));
        _reloading.Dispose();
        _ending.Dispose();
    }

    /// <summary>Rows that wait, by model.</summary>
    public IEnumerable<KeyValuePair<string, int>> WaitingRows() => Models.Select(model => KeyValuePair.Create(model.Key, model.Value.Values.Sum(batcher => batcher.WaitingRows)));

    private void Reload(ModelSource source)
    {
        try
        {
            IReadOnlyList<ModelPlace> places = source.Places();
            foreach (ModelPlace place in places) Refresh(source, place);
            foreach ((string file, LoadedFile loaded) in _files.ToArray())
                if (loaded.Source == source && loaded.Place.Version is not null && places.All(place => place.File != file)) Remove(file, loaded);
        }
        catch (BadInputException bad)
        {
            warn(bad.Message);
        }
    }

    private void Refresh(ModelSource source, ModelPlace place)
    {
        FileStamp stamp = FileStamp.Of(place.File);
        bool isKnown = _files.TryGetValue(place.File, out LoadedFile? before);
        if (isKnown && before!.Stamp == stamp) return;
        try
        {
            Take(source, place);
            metrics.OnReload(succeeded: true);
        }
        catch (Exception bad) when (bad is BadInputException or IOException)
        {
            metrics.OnReload(succeeded: false);
            warn(isKnown ? $"{bad.Message} The version that is served stays." : bad.Message);
            if (isKnown) _files[place.File] = before! with { Stamp = stamp };
        }
    }

    /// <summary>Reads a file, lets its model predict once, and puts it on the shelf.</summary>
    private void Take(ModelSource source, ModelPlace place)
    {
        FileStamp stamp = FileStamp.Of(place.File);
        SavedModel saved = Cli.EvaluateCommand.ReadForRows(place.File);
        string name = source.Name ?? saved.Spec.Name;
        if (!ModelSource.IsName(name))
            throw new BadInputException(place.File, null, null, "a name of letters, digits, '-', '_' and '.'", $"'{name}'", "serve it as NAME=PATH");
        ImmutableSortedDictionary<int, ModelBatcher> versions = Models.GetValueOrDefault(name) ?? ImmutableSortedDictionary<int, ModelBatcher>.Empty;
        LoadedFile? before = _files.GetValueOrDefault(place.File);
        if (before is not null && before.Batcher.Model.Saved.Model.Sha256 == saved.Model.Sha256 && before.Batcher.Model.Name == name)
        {
            _files[place.File] = before with { Stamp = stamp };
            return;
        }
        int version = place.Version ?? (versions.IsEmpty ? 0 : versions.Keys.Last()) + 1;
        if (versions.TryGetValue(version, out ModelBatcher? taken) && taken != before?.Batcher)
            throw new BadInputException(place.File, null, null, $"one version {version} of {name}", "a second", "give one of them another name");
        ServedModel model = ServedModel.Of(place.File, name, version, saved);
        WarmUp(model);
        ModelBatcher batcher = new(model, options, metrics, _ending.Token);
        _files[place.File] = new LoadedFile(source, place, stamp, batcher);
        if (before is not null) versions = versions.Remove(before.Batcher.Model.Version);
        Volatile.Write(ref _models, Models.SetItem(name, versions.SetItem(version, batcher)));
        _ = before?.Batcher.RetireAsync();
        if (_isReady) warn($"{name} version {version} is served: {place.File}");
    }

    private void Remove(string file, LoadedFile loaded)
    {
        ServedModel model = loaded.Batcher.Model;
        ImmutableSortedDictionary<int, ModelBatcher> left = Models[model.Name].Remove(model.Version);
        if (left.IsEmpty) return;       // the last version is served until another comes
        _files.Remove(file);
        Volatile.Write(ref _models, Models.SetItem(model.Name, left));
        _ = loaded.Batcher.RetireAsync();
        warn($"{model.Name} version {model.Version} is served no more: {file} is gone");
    }

    /// <summary>Compiles and fills what a first prediction needs, by rows of what scaling makes zeros.</summary>
    private void WarmUp(ServedModel model)
    {
        NumericBuffer rows = new(model.Numbers, options.BatchRows * model.Columns);
        model.Predict(model.CreateContributor(), rows, options.BatchRows);
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names);

    private static string Shown(string text) => VisibleText.InLine(text.Length <= 64 ? text : text[..64] + "…");

    private sealed record LoadedFile(ModelSource Source, ModelPlace Place, FileStamp Stamp, ModelBatcher Batcher);

    /// <summary>What tells that a file has changed.</summary>
    private readonly record struct FileStamp(DateTime Written, long Length)
    {
        public static FileStamp Of(string path)
        {
            FileInfo file = new(path);
            return file.Exists ? new FileStamp(file.LastWriteTimeUtc, file.Length) : default;
        }
    }
}
