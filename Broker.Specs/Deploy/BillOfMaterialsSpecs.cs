namespace Broker.Specs.Deploy;

/// <summary>The bill of materials is complete, and nothing on it forbids to sell what is made of it.</summary>
public sealed class BillOfMaterialsSpecs
{
    private static readonly HashSet<string> Permissive =
    [
        "MIT", "MIT-0", "Apache-2.0", "BSD-3-Clause", "PostgreSQL", "The MIT License (MIT)", "The OpenLDAP Public License",
    ];

    /// <summary>Read one by one.</summary>
    private static readonly Dictionary<string, string> OfPackages = new()
    {
        // May be distributed as a part of programs, to their users too (section 3a).
        ["Microsoft.Data.SqlClient.SNI.runtime"] = "MICROSOFT SOFTWARE LICENSE TERMS",

        // Apache-2.0, says the page.
        ["xunit.abstractions"] = "https://raw.githubusercontent.com/xunit/xunit/master/license.txt",
    };

    [Fact]
    public async Task What_ships_is_on_the_bill_with_its_hash_and_may_be_sold() =>
        Check(await BillOfMaterials.WriteAsync("Broker.Node"), BillOfMaterials.Locked("Broker.Node"));

    [Fact]
    public async Task So_may_what_it_is_tested_with() =>
        Check(await BillOfMaterials.WriteAsync("Broker.Bench"), BillOfMaterials.Locked("Broker.Bench"));

    private static void Check(BillOfMaterials bill, IEnumerable<string> locked)
    {
        bill.Packages.Select(package => package.Id).Should().BeEquivalentTo(locked);
        foreach (var package in bill.Packages)
        {
            package.Hash.Should().MatchRegex("^[0-9A-F]{128}$", package.Id);
            package.Licences.Should().NotBeEmpty(package.Id);
            if (OfPackages.TryGetValue(package.Name, out var licence))
            {
                package.Licences.Should().Equal([licence], package.Id);
            }
            else
            {
                package.Licences.Should().BeSubsetOf(Permissive, package.Id);
            }
        }
    }
}
