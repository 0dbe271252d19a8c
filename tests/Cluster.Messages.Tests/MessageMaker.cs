using System.Collections.Immutable;
using System.Reflection;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests;

/// <summary>Makes a valid message of any type, found by reflection, with the values that codecs get wrong among its fields.</summary>
internal sealed class MessageMaker(Random random, FakeActors actors)
{
    public object Make(Type type)
    {
        ConstructorInfo constructor = MessageTypes.PrimaryConstructor(type);
        object?[] values = constructor.GetParameters().Select(Value).ToArray();
        if (type == typeof(OpenShard))
        {
            int count = 1 + random.Below(Limits.ShardCountMax);
            values[1] = random.Below(count);
            values[2] = count;
        }
        return constructor.Invoke(values);
    }

    private object? Value(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (type == typeof(string)) return Text(parameter.Name!);
        if (type == typeof(int) && parameter.Name == nameof(SubmitJob.Priority)) return random.Below((2 * Limits.PriorityMax) + 1) - Limits.PriorityMax;
        if (type == typeof(int) && parameter.Name == nameof(SubmitJob.Servers)) return 1 + random.Below(Limits.RangeCountMax);
        if (type == typeof(int) && parameter.Name == nameof(ResumeJob.Run)) return random.Pick(1, 2, int.MaxValue);
        if (type == typeof(TaskOrder)) return random.OneIn(2) ? null : Make(type);
        if (type == typeof(JobFinished)) return random.OneIn(2) ? null : Make(type);
        return Value(type);
    }

    private object? Value(Type type) => type switch
    {
        _ when type == typeof(int) => random.Pick(0, 1, -1, int.MinValue, int.MaxValue, (int)(uint)(random.Next() >> 33)),
        _ when type == typeof(long) => random.Pick(0L, -1L, long.MinValue, long.MaxValue, (long)(random.Next() >> 1)),
        _ when type == typeof(double) => Number(),
        _ when type == typeof(byte) => (byte)random.Below(256),
        _ when type == typeof(bool) => random.OneIn(2),
        _ when type == typeof(string) => Text("Name"),
        _ when type == typeof(JobId) => new JobId(string.Concat(Enumerable.Range(0, 1 + random.Below(100)).Select(_ => random.Pick('a', 'Z', '0', '-', '_', '.')))),
        _ when type == typeof(WorkerId) => new WorkerId(Text(nameof(WorkerId))),
        _ when type == typeof(SubtreeId) => Subtree(),
        _ when type == typeof(RangeId) => Range(),
        _ when type == typeof(KeyBytes) => new KeyBytes([.. Enumerable.Range(1, KeyBytes.Length).Select(i => (byte)i)]),
        _ when type == typeof(TensorPayload) => Payload(),
        _ when type == typeof(TaskBytes) => new TaskBytes(random.Bytes(random.Below(300))),
        _ when type == typeof(IActorRef) => actors[$"akka.tcp://cluster@host:{random.Below(65536)}/user/worker#{random.Below(100)}"],
        _ when type == typeof(ImmutableArray<int>) => ImmutableArray.CreateRange(Enumerable.Range(0, random.Below(40)).Select(_ => random.Below(Limits.ShardCountMax))),
        _ when Nullable.GetUnderlyingType(type) is { } inner => random.OneIn(2) ? null : Value(inner),
        { IsEnum: true } => random.Pick<object>(Enum.GetValues(type).Cast<object>().ToArray()),
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) => List(type.GetGenericArguments()[0]),
        _ => Make(type),
    };

    private double Number() => random.Pick(
        0.0, -0.0, double.NaN, BitConverter.Int64BitsToDouble(0x7FF8_0000_DEAD_BEEF), double.PositiveInfinity, double.NegativeInfinity,
        double.Epsilon, double.MaxValue, BitConverter.Int64BitsToDouble((long)(random.Next() >> 2)));

    private string Text(string name)
    {
        int longest = name.EndsWith("Sha256", StringComparison.Ordinal) ? Limits.HashBytesMax
            : name == nameof(WorkerId) ? Limits.WorkerIdBytesMax
            : name == nameof(RunTask.Kind) ? Limits.TaskKindBytesMax
            : name == "Name" ? Limits.FigureNameBytesMax
            : 500;
        int count = random.Below(longest / 4);
        return string.Concat(Enumerable.Range(0, count).Select(_ => random.Pick("a", "9", " ", "\n", "\0", "é", "漢", "😀")));
    }

    private SubtreeId Subtree()
    {
        int count = 1 << random.Below(12);
        return new SubtreeId(random.Below(Limits.ShardCountMax / count) * count, count);
    }

    private RangeId Range()
    {
        int count = 1 + random.Below(Limits.RangeCountMax);
        return new RangeId(random.Below(count), count);
    }

    private TensorPayload Payload()
    {
        PayloadKind kind = random.Pick(PayloadKind.Float32, PayloadKind.Float64, PayloadKind.SparseRows32, PayloadKind.Bytes);
        if (random.OneIn(4))
            return new TensorPayload(kind, default, new VectorHandle(
                new DataPeer($"node:1#{random.Below(99)}", "node"), new VectorKey((long)(random.Next() >> 1), (long)(random.Next() >> 1), (long)(random.Next() >> 1)), 8 * (1 + random.Below(1 << 20))));
        int bytes = 8 * (random.OneIn(10) ? random.Below((VectorExchange.InlineBytesMax / 8) + 1) : random.Below(50));
        return new TensorPayload(kind, random.Bytes(bytes));
    }

    private object List(Type element)
    {
        Array items = Array.CreateInstance(element, random.Below(5));
        for (int i = 0; i < items.Length; i++) items.SetValue(Value(element), i);
        return typeof(ImmutableArray).GetMethods()
            .Single(m => m.Name == nameof(ImmutableArray.Create) && m.GetParameters() is [{ ParameterType.IsSZArray: true }])
            .MakeGenericMethod(element).Invoke(null, [items])!;
    }
}
