using System.Linq.Expressions;
using System.Reflection;

namespace Cluster.Actors;

/// <summary>How an actor is made, again and again with the same arguments.</summary>
public sealed class Props
{
    private static readonly ConcurrentDictionary<ConstructorInfo, ConstructorInvoker> s_invokers = new();
    private readonly ConstructorInvoker? _constructor;
    private readonly object?[] _arguments;
    private readonly Func<ActorBase>? _producer;

    private Props(Type type, ConstructorInfo? constructor, object?[] arguments, SupervisorStrategy? strategy, Func<ActorBase>? producer = null)
    {
        Type = type;
        Constructor = constructor;
        // Kept for each constructor: its second call compiles it, which must not happen for every Props.
        _constructor = constructor is null ? null : s_invokers.GetOrAdd(constructor, ConstructorInvoker.Create);
        _arguments = arguments;
        SupervisorStrategy = strategy;
        _producer = producer;
    }

    public static Props Empty { get; } = Create<EmptyActor>();

    public static Props None => Empty;

    public Type Type { get; }

    /// <summary>Overrides the actor's own strategy; null leaves it.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; }

    private ConstructorInfo? Constructor { get; }

    public static Props Create<TActor>(params object?[] args)
        where TActor : ActorBase => Create(typeof(TActor), args);

    public static Props Create<TActor>()
        where TActor : ActorBase, new() => Create(typeof(TActor));

    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy)
        where TActor : ActorBase, new() => Create(typeof(TActor)).WithSupervisorStrategy(supervisorStrategy);

    /// <exception cref="ArgumentException">The type is no actor, or has no such constructor.</exception>
    public static Props Create(Type type, params object?[] args)
    {
        if (!typeof(ActorBase).IsAssignableFrom(type) || type.IsAbstract)
            throw new ArgumentException($"Props: wanted an actor's class, got {type}; derive it from ActorBase.", nameof(type));
        return new Props(type, FindConstructor(type, args), args, null);
    }

    /// <summary>Props of a `new` expression: its arguments are evaluated now, once.</summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        if (factory.Body is not NewExpression { Constructor: { } constructor } creation)
            throw new ArgumentException("Props.Create: wanted `() => new Actor(...)`, got another expression; construct the actor in it.", nameof(factory));
        object?[] arguments = [.. creation.Arguments.Select(Evaluate)];
        return new Props(typeof(TActor), constructor, arguments, supervisorStrategy);
    }

    public static Props CreateBy(IIndirectActorProducer producer, params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(producer);
        return new Props(producer.ActorType, null, args, null, producer.Produce);
    }

    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(Type, Constructor, _arguments, supervisorStrategy, _producer);

    /// <summary>Taken for compatibility: a system has one dispatcher.</summary>
    public Props WithDispatcher(string dispatcher)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        return this;
    }

    /// <summary>Taken for compatibility: there is one kind of mailbox.</summary>
    public Props WithMailbox(string mailbox)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        return this;
    }

    public override string ToString() => $"Props({Type.Name})";

    internal ActorBase NewActor()
    {
        if (_producer is not null)
            return _producer();
        try
        {
            return (ActorBase)_constructor!.Invoke(_arguments.AsSpan())!;
        }
        catch (TargetInvocationException wrapped) when (wrapped.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(wrapped.InnerException);
            throw;
        }
    }

    private static ConstructorInfo FindConstructor(Type type, object?[] args)
    {
        const BindingFlags any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (ConstructorInfo candidate in type.GetConstructors(any))
        {
            ParameterInfo[] parameters = candidate.GetParameters();
            if (parameters.Length == args.Length && parameters.Zip(args).All(pair => Accepts(pair.First.ParameterType, pair.Second)))
                return candidate;
        }

        string got = string.Join(", ", args.Select(argument => argument?.GetType().Name ?? "null"));
        throw new ArgumentException($"Props: wanted arguments of a constructor of {type.Name}, got ({got}); give each one.", nameof(args));
    }

    private static bool Accepts(Type parameter, object? argument) =>
        argument is null ? !parameter.IsValueType || Nullable.GetUnderlyingType(parameter) is not null : parameter.IsInstanceOfType(argument);

    private static object? Evaluate(Expression argument)
    {
        switch (argument)
        {
            case ConstantExpression constant:
                return constant.Value;
            case MemberExpression { Member: FieldInfo field } member:
                return field.GetValue(member.Expression is null ? null : Evaluate(member.Expression));
            case MemberExpression { Member: PropertyInfo property } member:
                return property.GetValue(member.Expression is null ? null : Evaluate(member.Expression));
            case UnaryExpression { NodeType: ExpressionType.Convert, Method: null } convert
                when convert.Type.IsAssignableFrom(convert.Operand.Type):
                return Evaluate(convert.Operand);
            default:
                // Without the interpreter each new expression would cost a compilation.
                return Expression.Lambda<Func<object?>>(Expression.Convert(argument, typeof(object))).Compile(preferInterpretation: true)();
        }
    }

    private sealed class EmptyActor : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}

/// <summary>Makes actors in a way of its own.</summary>
public interface IIndirectActorProducer
{
    Type ActorType { get; }

    ActorBase Produce();

    void Release(ActorBase actor);
}
