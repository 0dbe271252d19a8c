namespace Cluster.Actors.Persistence;

/// <summary>Events to be written together; or, with no number, something to be deferred until all before it is written.</summary>
/// <param name="Events">In order.</param>
/// <param name="FirstSequenceNr">Of the first event; 0 where nothing is to be written.</param>
/// <param name="Sender">Who sent the command, and so whom the handlers see as sender.</param>
internal sealed record PendingWrite(object[] Events, long FirstSequenceNr, IActorRef Sender)
{
    public bool Persistent => FirstSequenceNr > 0;
}
