namespace Cluster.Actors;

internal sealed partial class ActorCell
{
    private readonly Lock _childrenGate = new();
    private Dictionary<string, ChildRestartStats>? _children;
    private Closing _closing;
    private long _names;
    private bool _everCreated;

    /// <summary>Why the cell waits for its children to end.</summary>
    private enum Closing
    {
        No,
        Recreation,
        Termination,
    }

    public IActorRef ActorOf(Props props, string? name = null)
    {
        if (name is not null && !ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"{_self.Path}: wanted a child's name of letters, digits and -_.*+:@&=,!~';() that does not begin with $, got '{name}'; rename it.");
        }

        return MakeChild(props, name, null);
    }

    public IActorRef Child(string name) => GetSingleChild(name);

    public IEnumerable<IActorRef> GetChildren() => ChildStats().Select(child => (IActorRef)child.Child).ToArray();

    public void Stop(IActorRef child) => ActorRefBase.Of(child).Stop();

    internal LocalActorRef MakeChild(Props props, string? name, ActorDispatcher? dispatcher)
    {
        LocalActorRef child;
        lock (_childrenGate)
        {
            if (_closing == Closing.Termination || _closed)
                throw new InvalidOperationException($"{_self.Path}: wanted to create the child '{name}', got a terminating parent; create it before.");
            name ??= "$" + Base36(_names++);
            _children ??= new Dictionary<string, ChildRestartStats>(StringComparer.Ordinal);
            if (_children.ContainsKey(name))
                throw new InvalidActorNameException($"{_self.Path}: wanted a new name, got '{name}', which is taken; wait for its termination or rename.");
            ChildActorPath path = new(_self.Path, name, _system.NextUid());
            child = new LocalActorRef(_system, props, _self, path, dispatcher ?? _system.Dispatcher);
            _children.Add(name, new ChildRestartStats(child));
        }

        child.Start();
        return child;
    }

    internal ActorRefBase GetSingleChild(string name)
    {
        int hash = name.IndexOf('#', StringComparison.Ordinal);
        string plain = hash < 0 ? name : name[..hash];
        lock (_childrenGate)
        {
            if (_children is null || !_children.TryGetValue(plain, out ChildRestartStats? child))
                return Nobody.Instance;
            bool wanted = hash < 0 || string.Equals(
                name[(hash + 1)..], child.Child.Path.Uid.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            return wanted ? child.Child : Nobody.Instance;
        }
    }

    /// <summary>The children in the order of their creation.</summary>
    internal ChildRestartStats[] ChildStats()
    {
        lock (_childrenGate)
            return _children is null or { Count: 0 } ? [] : [.. _children.Values.OrderBy(child => child.Ordinal)];
    }

    private ChildRestartStats? FindChild(IActorRef child)
    {
        lock (_childrenGate)
        {
            return _children is not null && _children.TryGetValue(child.Path.Name, out ChildRestartStats? found) && found.Child.Equals(child)
                ? found
                : null;
        }
    }

    private bool RemoveChild(IActorRef child)
    {
        lock (_childrenGate)
        {
            if (_children is null || !_children.TryGetValue(child.Path.Name, out ChildRestartStats? found) || !found.Child.Equals(child))
                return false;
            _children.Remove(child.Path.Name);
            return true;
        }
    }

    /// <summary>Marks why the cell waits; false where there is nobody to wait for.</summary>
    private bool WaitForChildren(Closing reason)
    {
        lock (_childrenGate)
        {
            // A restart waits only for the children that its PreRestart has stopped.
            bool waits = _children is not null && _children.Values.Any(child => reason == Closing.Termination || child.Child.IsStopping);
            _closing = waits || reason == Closing.Termination ? reason : Closing.No;
            return waits;
        }
    }

    private void ChildEnded(ChildRestartStats stats)
    {
        bool more;
        Closing reason;
        lock (_childrenGate)
        {
            reason = _closing;
            more = _children is not null && _children.Values.Any(child => reason == Closing.Termination || child.Child.IsStopping);
            if (!more && reason == Closing.Recreation)
                _closing = Closing.No;
        }

        if (reason == Closing.No)
        {
            _actor?.Strategy.HandleChildTerminated(this, stats.Child, ChildStats());
            return;
        }

        if (more)
            return;
        if (reason == Closing.Termination)
            FinishTermination();
        else if (_restartCause is { } cause)
            FinishRestart(cause);
    }

    private static string Base36(long value)
    {
        const string digits = "abcdefghijklmnopqrstuvwxyz0123456789";
        string text = "";
        do
        {
            text = digits[(int)(value % 36)] + text;
            value /= 36;
        }
        while (value > 0);
        return text;
    }
}
