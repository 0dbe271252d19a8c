namespace Cluster.Actors.Tests.Embedded;

/// <summary>Counts, and tells when a count is reached.</summary>
internal sealed class Tally
{
    private readonly Lock _gate = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private int _count;

    public int Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    public void Add()
    {
        lock (_gate)
        {
            _count++;
            foreach ((int count, TaskCompletionSource reached) in _waiting)
            {
                if (_count >= count) reached.TrySetResult();
            }
        }
    }

    public Task Reaches(int count)
    {
        lock (_gate)
        {
            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_count >= count) reached.SetResult();
            _waiting.Add((count, reached));
            return reached.Task.WaitAsync(InProcessCluster.Deadline);
        }
    }
}
