using System.Threading.Channels;
using Cluster.Messages.Node.Http;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Microsoft.AspNetCore.Http;

namespace Cluster.Coordinator.Serving;

/// <summary>Gathers the rows of several requests into batches and predicts them, one batch a loop; as many loops run on the thread pool as the options say.</summary>
/// <remarks>
/// Batch  ends when it has as many rows as it may, or has waited for as long as it may; a request is never parted
/// Range  a request with a row that the model refuses is refused alone: others of its batch are answered
/// </remarks>
internal sealed class ModelBatcher
{
    private readonly ServingOptions _options;
    private readonly ServingMetrics _metrics;
    private readonly Channel<PendingRows> _waiting = Channel.CreateUnbounded<PendingRows>();
    private readonly CancellationToken _ending;
    private readonly Task _loops;
    private int _waitingRows;

    /// <param name="model">What predicts.</param>
    /// <param name="options">How large batches are, and how long they wait.</param>
    /// <param name="metrics">Told of batches.</param>
    /// <param name="ending">Cancelled when the server ends: batches wait for nobody any more.</param>
    public ModelBatcher(ServedModel model, ServingOptions options, ServingMetrics metrics, CancellationToken ending)
    {
        (Model, _options, _metrics, _ending) = (model, options, metrics, ending);
        _loops = Task.WhenAll(Enumerable.Range(0, options.Threads).Select(_ => Task.Run(RunAsync)));
    }

    /// <summary>What predicts.</summary>
    public ServedModel Model { get; }

    /// <summary>Rows that wait for a batch.</summary>
    public int WaitingRows => Volatile.Read(ref _waitingRows);

    /// <summary>Queues rows.</summary>
    /// <param name="rows">Scaled, [count, columns].</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellation">Nobody waits for them any more.</param>
    /// <returns>What the model says of them; null if it takes no more rows, since another version has taken its place.</returns>
    /// <exception cref="ProblemException">Too many rows wait.</exception>
    public Task<RowAnswers>? Offer(NumericBuffer rows, int count, CancellationToken cancellation)
    {
        if (Interlocked.Add(ref _waitingRows, count) > _options.WaitingRowsMax)
        {
            Interlocked.Add(ref _waitingRows, -count);
            throw new ProblemException(
                StatusCodes.Status503ServiceUnavailable, $"model {Model.Name}: wanted at most {_options.WaitingRowsMax} rows that wait, got more; ask again later.");
        }
        PendingRows waiting = new(rows, count, cancellation);
        if (_waiting.Writer.TryWrite(waiting)) return waiting.Answer.Task;
        Interlocked.Add(ref _waitingRows, -count);
        return null;
    }

    /// <summary>Takes no more rows; ends when those that wait are answered.</summary>
    public Task RetireAsync()
    {
        _waiting.Writer.TryComplete();
        return _loops;
    }

    private async Task RunAsync()
    {
        IContributor contributor = Model.CreateContributor();
        List<PendingRows> batch = [];
        while (await _waiting.Reader.WaitToReadAsync())
        {
            int rows = await GatherAsync(batch);
            Interlocked.Add(ref _waitingRows, -rows);
            batch.RemoveAll(request => request.IsGivenUp());
            if (batch.Count > 0) Answer(contributor, batch);
            batch.Clear();
        }
    }

    private async Task<int> GatherAsync(List<PendingRows> batch)
    {
        int rows = 0;
        long began = _options.Time.GetTimestamp();
        while (true)
        {
            while (rows < _options.BatchRows && _waiting.Reader.TryRead(out PendingRows? request))
            {
                batch.Add(request);
                rows += request.Count;
            }
            TimeSpan left = _options.BatchDelay - _options.Time.GetElapsedTime(began);
            if (batch.Count == 0 || rows >= _options.BatchRows || left <= TimeSpan.Zero || !await MoreComesAsync(left)) return rows;
        }
    }

    private async Task<bool> MoreComesAsync(TimeSpan within)
    {
        using CancellationTokenSource late = new(within, _options.Time);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _ending);
        try
        {
            return await _waiting.Reader.WaitToReadAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Answer(IContributor contributor, List<PendingRows> batch)
    {
        try
        {
            int count = batch.Sum(request => request.Count);
            RowAnswers answers = Model.Predict(contributor, batch.Count == 1 ? batch[0].Rows : Together(batch, count), count);
            _metrics.OnBatch(Model.Name, count);
            int first = 0;
            foreach (PendingRows request in batch)
            {
                request.Answer.TrySetResult(batch.Count == 1 ? answers : answers.Slice(first, request.Count));
                first += request.Count;
            }
        }
        catch (BadInputException) when (batch.Count > 1)
        {
            foreach (PendingRows request in batch) Answer(contributor, [request]);
        }
        catch (Exception failure)
        {
            foreach (PendingRows request in batch) request.Answer.TrySetException(failure);
        }
    }

    private NumericBuffer Together(List<PendingRows> batch, int count)
    {
        NumericBuffer all = new(Model.Numbers, count * Model.Columns);
        int at = 0;
        foreach (PendingRows request in batch)
        {
            request.Rows.Bytes.CopyTo(all.Bytes[at..]);
            at += request.Rows.Bytes.Length;
        }
        return all;
    }

    /// <summary>The rows of one request.</summary>
    private sealed class PendingRows(NumericBuffer rows, int count, CancellationToken cancellation)
    {
        public NumericBuffer Rows => rows;

        public int Count => count;

        public TaskCompletionSource<RowAnswers> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsGivenUp()
        {
            if (!cancellation.IsCancellationRequested) return false;
            Answer.TrySetCanceled(cancellation);
            return true;
        }
    }
}
