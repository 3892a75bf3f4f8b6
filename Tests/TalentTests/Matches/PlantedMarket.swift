import Foundation

@testable import SharedModels
@testable import TalentService

/// A made-up market of which the truth is known.
protocol PlantedMarket: Sendable {
    associatedtype Person: PlantedPerson
    associatedtype Company: PlantedCompany

    var people: [Person] { get }
    var companies: [Company] { get }
    /// How well the two really suit each other, 0 to 1.
    func relevance(_ person: Person, _ company: Company) -> Double
    /// A scorer that was taught the truth and sees only what is shown; `nil` without one.
    func taught() -> (@Sendable (Person, Company) -> Double)?
    /// A scorer that knows how the truth comes about, and takes at its word what is shown; `nil` without one.
    func informed() -> (@Sendable (Person, Company) -> Double)?
}

protocol PlantedPerson: Sendable {
    var id: AccountID { get }
    /// What can be seen.
    var shown: PersonFeatures { get }
}

protocol PlantedCompany: Sendable {
    var id: AccountID { get }
    var shown: CompanyFeatures { get }
}

extension PlantedMarket {
    func taught() -> (@Sendable (Person, Company) -> Double)? { nil }
    func informed() -> (@Sendable (Person, Company) -> Double)? { nil }

    /// What a list of ten is worth, by its discounted gain.
    func gain(_ relevances: [Double]) -> Double {
        zip(relevances.prefix(10), 2...).map { (exp2(4 * $0) - 1) / log2(Double($1)) }.reduce(0, +)
    }
}
