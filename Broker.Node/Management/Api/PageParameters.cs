using System.Buffers.Text;
using System.ComponentModel;
using System.Text;
using Broker.Actors.Inspection;
using Microsoft.AspNetCore.Mvc;

namespace Broker.Node.Management.Api;

/// <summary>Which part of a list is wanted, in the query of the request.</summary>
internal sealed record PageParameters
{
    /// <summary>Of the page before.</summary>
    [FromQuery(Name = "after")]
    [Description("next of the page before; left out: the first page.")]
    public string? After { get; init; }

    /// <summary>Rows at most.</summary>
    [FromQuery(Name = "limit")]
    [Description("Rows at most, 1 to 1000; left out: 100.")]
    public int? Limit { get; init; }

    /// <summary>A filter.</summary>
    [FromQuery(Name = "contains")]
    [Description("Text that the client id, filter, topic or name must have in it, in capitals or not.")]
    public string? Contains { get; init; }

    /// <summary>A filter.</summary>
    [FromQuery(Name = "client")]
    [Description("Of this client id alone.")]
    public string? Client { get; init; }

    /// <summary>What is wrong with it, or null.</summary>
    public string? Problem => Limit is < 1 or > PageRequest.MaxLimit
        ? $"limit must be a whole number from 1 to {PageRequest.MaxLimit}"
        : After is not null && Decode(After) is null ? "after must be what an earlier page had as next" : null;

    /// <summary>Where there is no <see cref="Problem"/>.</summary>
    public PageRequest Request => new(After is null ? "" : Decode(After)!, Limit ?? PageRequest.DefaultLimit, Contains ?? "", Client);

    /// <summary>As a client gets it: its <c>next</c> is text without meaning, and safe in an address.</summary>
    public static Page<T> Show<T>(Page<T> page) => page with { Next = page.Next is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(page.Next)) };

    private static string? Decode(string next)
    {
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(next));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
