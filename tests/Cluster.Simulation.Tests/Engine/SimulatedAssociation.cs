using Akka.Remote.Transport;
using Cluster.Simulation.Tests.Network;
using Google.Protobuf;

namespace Cluster.Simulation.Tests.Engine;

/// <summary>One side of a connection between two nodes.</summary>
internal sealed class SimulatedAssociation(SimulatedTransport transport, Address local, Address remote) : AssociationHandle(local, remote)
{
    private readonly Queue<IHandleEvent> _early = new();
    private Lane? _lane;
    private bool _isClosed;
    private bool _isWaiting;
    private bool _hasGreeted;

    /// <summary>The other side.</summary>
    public SimulatedAssociation Peer { get; set; } = null!;

    private SimulatedNetwork Network => transport.Life.Node.World.Network;

    private Lane Lane => _lane ??= new Lane(transport.Life, Peer.Life, Planes.Control);

    private World.NodeLife Life => transport.Life;

    public override bool Write(ByteString payload)
    {
        if (_isClosed) return false;
        if (!Life.IsAlive || !Peer.Life.IsAlive)
        {
            Reset();
            return true;
        }
        // The first is the handshake, which nobody repeats: without it the connection only takes longer to fail.
        Network.Carry(Lane, () => Peer.OnArrived(new InboundPayload(payload)), spared: !_hasGreeted);
        _hasGreeted = true;
        return true;
    }

    [Obsolete("As the engine has it.")]
    public override void Disassociate()
    {
        if (_isClosed) return;
        Close();
        Network.Carry(Lane, () => Peer.OnClosed(), spared: true);
    }

    /// <summary>The process on this side is gone.</summary>
    /// <param name="tells">Whether its machine closes the connection.</param>
    public void OnProcessEnded(bool tells)
    {
        _isClosed = true;
        if (tells) Network.Carry(Lane, () => Peer.OnClosed(), spared: true);
    }

    // A machine that knows nothing of a connection says so, once it is up again; until then nothing comes back.
    private void Reset()
    {
        if (Peer.Life.Node.IsRunning && !Network.IsCut(RemoteAddress.Host!, LocalAddress.Host!, Planes.Control))
            Life.Node.World.After(Network.DrawDelay(), Life, OnClosed);
    }

    private void OnClosed()
    {
        if (_isClosed) return;
        Close();
        OnArrived(new Disassociated(DisassociateInfo.Unknown));
    }

    private void Close()
    {
        _isClosed = true;
        transport.Forget(this);
    }

    private void OnArrived(IHandleEvent arrived)
    {
        if (ReadHandlerSource.Task.IsCompletedSuccessfully)
        {
            ReadHandlerSource.Task.Result.Notify(arrived);
            return;
        }
        _early.Enqueue(arrived);
        if (_isWaiting) return;
        _isWaiting = true;
        ReadHandlerSource.Task.ContinueWith(
            reader =>
            {
                while (_early.TryDequeue(out IHandleEvent? early)) reader.Result.Notify(early);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }
}
