using System.Globalization;
using System.Text;

namespace Cluster.Ml.Tests.Text.Words;

public class NumberTextTests
{
    public static TheoryData<string> NoNumbers => ["", " ", "1,1", "0,01", "1,000.5", "1 000", "1_000", "1'000", "0x10", "1f", "$1", "(1)", "1-", "--1", "+", "-", ".", "e5",
        "1e", "1e+", " 1", "1 ", "1\0", "\u0661", "\uFF11", "\u22121", "NaN", "Infinity", "-Infinity", "\u221E", "1e999", "1.2.3", "two"];

    [Theory]
    [MemberData(nameof(NoNumbers))]
    public void What_is_no_number_is_none_in_any_culture_and_encoding(string text)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };
            NumberText.TryRead(text, out double _).ShouldBeFalse();
            NumberText.TryRead(text, out int _).ShouldBeFalse();
            NumberText.TryRead(text, out decimal _).ShouldBeFalse();
            NumberText.TryRead(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0.5", -0.5)]
    [InlineData("+1.5", 1.5)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("1e-5", 1e-5)]
    [InlineData("1E+3", 1000)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    [InlineData("4e-324", double.Epsilon)]
    public void Numbers_are_read_to_the_nearest_double(string text, double number)
    {
        NumberText.TryRead(text, out double fromText).ShouldBeTrue();
        NumberText.TryRead(Encoding.UTF8.GetBytes(text), out double fromBytes).ShouldBeTrue();
        (fromText, fromBytes).ShouldBe((number, number));
    }

    [Fact]
    public void Whole_numbers_have_neither_point_nor_exponent_and_stay_within_their_type()
    {
        foreach (string text in new[] { "1.0", "1e3", "2147483648", "-2147483649" }) NumberText.TryRead(text, out int _).ShouldBeFalse(text);
        foreach (string text in new[] { "-1", "18446744073709551616" }) NumberText.TryRead(text, out ulong _).ShouldBeFalse(text);
        NumberText.TryRead("18446744073709551615", out ulong most).ShouldBeTrue();
        NumberText.TryRead("-2147483648", out int least).ShouldBeTrue();
        (most, least).ShouldBe((ulong.MaxValue, int.MinValue));
    }

    [Fact]
    public void A_number_beyond_every_double_is_written_as_one_all_the_same()
    {
        NumberText.IsWritten("1e999").ShouldBeTrue();
        NumberText.IsWritten("-2.5").ShouldBeTrue();
        NumberText.IsWritten("1,5").ShouldBeFalse();
        NumberText.IsWritten("x1").ShouldBeFalse();
    }
}
