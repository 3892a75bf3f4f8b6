import SharedModels

/// Where the payment provider sends people back to.
struct ReturnPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.open("/payouts/onboarded") { _ in
            .see("/deals", .done("Your payouts are being set up. This takes a moment."))
        }
        site.open("/payouts/onboarding") { _ in
            .see("/deals", .failed("The link had ended. Open the deal and set up your payouts once more."))
        }
        site.open("/client/contract/payment-success") { _ in .see("/", .done("Thank you, your payment has arrived.")) }
        site.open("/client/jobs/home") { visit in
            .see("/", visit.query("cancelled") == nil ? nil : .failed("The payment was not made."))
        }
    }
}
