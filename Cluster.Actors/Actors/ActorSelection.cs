using System.IO.Enumeration;

namespace Cluster.Actors;

/// <summary>All actors whose path fits, looked up anew for each message.</summary>
public sealed class ActorSelection : ICanTell
{
    private readonly ActorRefBase _anchor;

    internal ActorSelection(ActorRefBase anchor, ImmutableArray<string> elements)
    {
        _anchor = anchor;
        Elements = elements;
    }

    /// <summary>Where the search begins.</summary>
    public IActorRef Anchor => _anchor;

    public string PathString => "/" + string.Join('/', Elements);

    internal ImmutableArray<string> Elements { get; }

    internal ActorRefProvider Provider => _anchor.Provider;

    public void Tell(object message, IActorRef? sender)
    {
        if (message is null)
            throw new InvalidMessageException();
        IActorRef? from = sender ?? ActorCell.Current?.Self ?? ActorCell.ImplicitSender;
        Deliver(_anchor, from, new ActorSelectionMessage(message, Elements, Elements.Any(IsPattern)));
    }

    /// <summary>The one actor that answers; fails with <see cref="ActorNotFoundException"/> where none does.</summary>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout)
    {
        ActorIdentity answer;
        try
        {
            answer = await this.Ask<ActorIdentity>(new Identify(null), timeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException late)
        {
            throw new ActorNotFoundException($"{this}: wanted an actor to answer within {timeout}, got none; look the path up.", late);
        }

        return answer.Subject ?? throw new ActorNotFoundException($"{this}: wanted an actor, got nobody under that path; look it up.");
    }

    public override string ToString() => $"ActorSelection[Anchor({_anchor.Path}), Path({PathString})]";

    public override bool Equals(object? obj) =>
        obj is ActorSelection other && _anchor.Equals(other._anchor) && Elements.SequenceEqual(other.Elements);

    public override int GetHashCode() => HashCode.Combine(_anchor, PathString);

    internal static ActorSelection Of(ActorRefProvider provider, ActorPath path) =>
        new(provider.RootAt(path.Address), [.. path.Elements]);

    internal static ActorSelection Resolve(ActorRefProvider provider, ActorRefBase from, string path)
    {
        if (ActorPath.TryParse(path, out ActorPath? full))
            return Of(provider, full);
        ImmutableArray<string> elements = [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        if (path.StartsWith("akka", StringComparison.Ordinal) && Address.TryParse(path, out Address? address))
        {
            // A path with patterns: what follows the address.
            string rest = path[(path.IndexOf("://", StringComparison.Ordinal) + 3)..];
            return new ActorSelection(provider.RootAt(address), [.. rest.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1)]);
        }

        return new ActorSelection(path.StartsWith('/') ? provider.RootRef : from, elements);
    }

    internal static void Deliver(ActorRefBase anchor, IActorRef? sender, ActorSelectionMessage selection)
    {
        ActorRefBase current = anchor;
        ImmutableArray<string> elements = selection.Elements;
        for (int i = 0; i < elements.Length; i++)
        {
            if (!current.IsLocal)
            {
                current.Tell(selection with { Elements = elements[i..] }, sender);
                return;
            }

            if (IsPattern(elements[i]))
            {
                FanOut(current, elements, i, sender, selection);
                return;
            }

            ActorRefBase next = elements[i] == ".." ? current.Parent : Child(current, elements[i]);
            if (next is Nobody)
            {
                ActorPath missing = elements.Skip(i).Aggregate(current.Path, (path, name) => path / name);
                anchor.Provider.DeadLetterRef.Handle(selection with { Elements = [] }, sender, new EmptyLocalActorRef(anchor.Provider, missing));
                return;
            }

            current = next;
        }

        if (current.IsLocal)
            current.Tell(selection.Message, sender);
        else
            current.Tell(selection with { Elements = [] }, sender);
    }

    private static void FanOut(ActorRefBase current, ImmutableArray<string> elements, int index, IActorRef? sender, ActorSelectionMessage selection)
    {
        foreach (ActorRefBase child in current.ChildRefs)
        {
            if (!FileSystemName.MatchesSimpleExpression(elements[index], child.Path.Name, ignoreCase: false))
                continue;
            if (index == elements.Length - 1)
                child.Tell(selection.Message, sender);
            else
                Deliver(child, sender, selection with { Elements = elements[(index + 1)..] });
        }
    }

    private static ActorRefBase Child(ActorRefBase current, string name)
    {
        if (current.Path.ParentOrNull is null && current is LocalActorRef)
        {
            if (name == "temp")
                return current.Provider.TempContainer;
            if (name == "deadLetters")
                return current.Provider.DeadLetterRef;
        }

        return current.GetSingleChild(name);
    }

    private static bool IsPattern(string element) => element.AsSpan().ContainsAny('*', '?');
}

/// <summary>A message on its way down a selection's path.</summary>
internal sealed record ActorSelectionMessage(object Message, ImmutableArray<string> Elements, bool WildcardFanOut) : IAutoReceivedMessage, IPossiblyHarmful;
