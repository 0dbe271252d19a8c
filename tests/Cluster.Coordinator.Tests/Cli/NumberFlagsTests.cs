using System.CommandLine;
using Cluster.Coordinator.Cli;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>Every flag of every verb that takes a number takes nothing else, and says what it wants.</summary>
public sealed class NumberFlagsTests
{
    private static readonly Type[] s_numbers = [typeof(int), typeof(long), typeof(uint), typeof(ulong), typeof(float), typeof(double), typeof(decimal)];

    public static TheoryData<string, string> Flags
    {
        get
        {
            TheoryData<string, string> flags = [];
            foreach ((string verb, Option option) in All(Root, "")) flags.Add(verb, option.Name);
            return flags;
        }
    }

    private static RootCommand Root => CommandLine.Root(new Terminal(TextWriter.Null, TextWriter.Null, interactive: false));

    [Theory]
    [MemberData(nameof(Flags))]
    public void A_flag_takes_numbers_by_the_one_rule(string verb, string flag)
    {
        foreach (string text in new[] { "1,1", "0,01", "1 000", "two", "NaN", "0x1", " 1", "1e999" })
        {
            string[] errors = [.. Root.Parse([.. verb.Split(' '), flag, text]).Errors.Select(error => error.Message).Where(message => message.StartsWith(flag, StringComparison.Ordinal))];

            errors.ShouldHaveSingleItem($"{verb} {flag} '{text}'");
            errors[0].ShouldContain($"'{text}'");
            errors[0].ShouldNotContain("System.");
        }
    }

    [Fact]
    public void Flags_with_numbers_are_found() => Flags.Count.ShouldBeGreaterThan(20);

    [Theory]
    [InlineData("train", "--workers", "two", "--workers: wanted a whole number, 1 to 64, got 'two'.")]
    [InlineData("train", "--seed", "-1", "--seed: wanted a whole number, 0 to 18446744073709551615, got '-1'.")]
    [InlineData("privacy epsilon", "--noise", "1,1", "--noise: wanted a number, at least 0, got '1,1'.")]
    [InlineData("crossval", "--folds", "1", "--folds: wanted a whole number, 2 to 100, got '1'.")]
    [InlineData("generate", "--temperature", "101", "--temperature: wanted a number, 0 to 100, got '101'.")]
    public void The_message_names_flag_wanted_and_got(string verb, string flag, string text, string message) =>
        Root.Parse([.. verb.Split(' '), flag, text]).Errors.Select(error => error.Message).ShouldContain(message);

    private static IEnumerable<(string Verb, Option Option)> All(Command command, string path) =>
        command.Options.Where(option => IsNumber(option.ValueType)).Select(option => (path, option))
            .Concat(command.Subcommands.SelectMany(verb => All(verb, $"{path} {verb.Name}".Trim())));

    private static bool IsNumber(Type type) => s_numbers.Contains(Nullable.GetUnderlyingType(type) ?? type);
}
